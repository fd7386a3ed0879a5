#include "conformance/explore/document.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "conformance/scenario/yaml_writer.h"

namespace cmb::conformance::explore {
namespace {

using scenario::Entry;
using scenario::Node;

constexpr char kFile[] = "explore.yaml";
constexpr int kMostMends = 30;

void CollectModules(const Node& node, std::set<std::string>& modules) {
  static const std::set<std::string> kKeys{"from", "to", "by", "connect", "disconnect", "source"};
  static const std::vector<Node> kNone;
  for (const Node& item : node.items) {
    CollectModules(item, modules);
  }
  for (const Entry& entry : node.entries) {
    if (kKeys.contains(entry.key.text)) {
      modules.insert(entry.value.text);
    }
    for (const Node& item : entry.key.text == "targets" ? entry.value.items : kNone) {
      modules.insert(item.text);
    }
    CollectModules(entry.value, modules);
  }
}

// Line of the first step in what WriteDocument writes: each key has a line, and a list of mappings
// one more for each of them.
int FirstStepLine(const Node& document) {
  int line = 1;
  for (const Entry& entry : document.entries) {
    if (entry.key.text == "steps") {
      return line + 1;
    }
    const bool lines = entry.value.IsSequence() && !entry.value.items.empty() &&
                       entry.value.items.front().IsMapping();
    line += 1 + (lines ? static_cast<int>(entry.value.items.size()) : 0);
  }
  return line;
}

// The steps at which something is wrong. Empty: it is not at a step.
std::set<std::size_t> RefusedSteps(const Node& document, const scenario::LoadResult& result) {
  const int first = FirstStepLine(document);
  std::set<std::size_t> steps;
  for (const auto* list : {&result.errors, &result.refusals}) {
    for (const scenario::Diagnostic& error : *list) {
      const int step = error.where.line - first;
      if (step >= 0 && static_cast<std::size_t>(step) < StepsOf(document)) {
        steps.insert(static_cast<std::size_t>(step));
      }
    }
  }
  return steps;
}

void RemoveSteps(Node& document, const std::set<std::size_t>& gone) {
  std::vector<Node>& items = document.Find("steps")->items;
  for (auto step = gone.rbegin(); step != gone.rend(); ++step) {
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(*step));
  }
}

}  // namespace

std::size_t StepsOf(const Node& document) {
  const Node* steps = document.Find("steps");
  return steps == nullptr || steps->items.empty() ? 0 : steps->items.size() - 1;
}

Node Tidied(Node document) {
  Node* peers = document.Find("peers");
  if (peers == nullptr) {
    return document;
  }
  std::set<std::string> named{"sender", "router", "target"};
  for (const char* part : {"given", "steps"}) {
    if (const Node* found = document.Find(part)) {
      CollectModules(*found, named);
    }
  }
  std::erase_if(peers->entries,
                [&named](const Entry& entry) { return !named.contains(entry.key.text); });
  if (peers->entries.empty()) {
    document.Remove("peers");
  }
  return document;
}

std::optional<Loaded> Load(const Node& document, const scenario::Knowledge& knowledge) {
  auto result = scenario::LoadText(scenario::WriteDocument(document), kFile, knowledge);
  if (!result.errors.empty() || !result.refusals.empty() || result.cases.size() != 1) {
    return std::nullopt;
  }
  return Loaded{document, std::move(result.cases.front())};
}

std::optional<Loaded> Mended(const Node& drawn, const scenario::Knowledge& knowledge) {
  Node document = Tidied(drawn);
  for (int mends = 0; mends < kMostMends; ++mends) {
    auto result = scenario::LoadText(scenario::WriteDocument(document), kFile, knowledge);
    if (result.errors.empty() && result.refusals.empty() && result.cases.size() == 1) {
      return Loaded{document, std::move(result.cases.front())};
    }
    const std::set<std::size_t> gone = RefusedSteps(document, result);
    if (gone.empty()) {
      return std::nullopt;
    }
    RemoveSteps(document, gone);
    document = Tidied(std::move(document));
  }
  return std::nullopt;
}

}  // namespace cmb::conformance::explore
