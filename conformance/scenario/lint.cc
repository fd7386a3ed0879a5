#include "conformance/scenario/lint.h"

#include <algorithm>
#include <map>

#include "conformance/scenario/language.h"

namespace cmb::conformance::scenario {
namespace {

// `advance: T` then `expect: X` says "by then"; `expect: X, in: T` says "then".
void LintAdvances(const Node& steps, Report& report) {
  for (std::size_t i = 0; i + 1 < steps.items.size(); ++i) {
    const Node& advance = steps.items[i];
    const Node& next = steps.items[i + 1];
    const bool plain = advance.Find("advance") != nullptr &&
                       advance.Find("before_timers") == nullptr &&
                       advance.Find("after_timers") == nullptr && advance.Find("when") == nullptr &&
                       advance.TextOf("advance") != "until quiet";
    const bool waits = next.Find("expect") != nullptr && next.TextOf("expect") != "nothing" &&
                       next.Find("in") == nullptr && next.Find("when") == nullptr;
    if (plain && waits) {
      report.Finding(advance.where, "advance directly before an expect: write in: " +
                                        advance.TextOf("advance") + " there to claim the time");
    }
  }
}

// What an act brings about comes in its own step, and `never` looks from its place on.
void LintNevers(const Node& steps, Report& report) {
  for (std::size_t i = 1; i < steps.items.size(); ++i) {
    const Node& never = steps.items[i];
    const std::string before =
        steps.items[i - 1].entries.empty() ? "" : steps.items[i - 1].entries.front().key.text;
    const auto verbs = StepVerbs();
    const auto verb = std::find_if(verbs.begin(), verbs.end(),
                                   [&](const Verb& each) { return each.name == before; });
    if (never.Find("never") != nullptr && verb != verbs.end() && verb->group == VerbGroup::kAct) {
      report.Finding(never.where,
                     "a never directly after " + before +
                         " does not see what that brought about: expect that before it");
    }
  }
}

}  // namespace

void LintDocument(const Node& document, const std::string& path_id, Report& report) {
  const Node* id = document.Find("id");
  if (id != nullptr && id->IsScalar() && id->text != path_id) {
    report.Finding(id->where, "the id " + id->text + " is not the file's path, " + path_id);
  }
  if (const Node* steps = document.Find("steps")) {
    LintAdvances(*steps, report);
    LintNevers(*steps, report);
  }
}

void LintTitles(const std::vector<DocumentInfo>& documents, Report& report) {
  std::map<std::string, const DocumentInfo*> titles;
  for (const DocumentInfo& document : documents) {
    const auto [first, is_new] = titles.try_emplace(document.title, &document);
    if (!is_new && !document.title.empty()) {
      report.Finding(document.where, "the title is also that of " + first->second->id + " (" +
                                         ToString(first->second->where) + ")");
    }
  }
}

}  // namespace cmb::conformance::scenario
