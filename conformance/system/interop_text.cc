#include "conformance/system/interop_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "conformance/report/outer_text.h"

namespace cmb::conformance::system {
namespace {

constexpr std::size_t kMostBytes = 400;  // Of what was wanted and what came.

using Implementations = std::vector<Implementation>;

std::size_t WidthOf(const Implementations& implementations) {
  std::size_t width = 6;
  for (const Implementation& one : implementations) {
    width = std::max(width, one.name.size());
  }
  return width;
}

std::string With(const Combination& c, const Implementations& all) {
  return fmt::format("sender {}, router {}, target {}", all[c.sender].name, all[c.router].name,
                     all[c.target].name);
}

// Who showed the cause: "python-peer 1 as router", or all three.
std::string Culprit(const std::string& part, const Combination& c, const Implementations& all) {
  const std::size_t index = part == "sender" ? c.sender : part == "router" ? c.router : c.target;
  return part.empty() ? With(c, all) : all[index].name + " as " + part;
}

// The same sentence, broken by the same implementation in the same role.
struct Group {
  std::set<std::string> cases;
  std::size_t count = 0;
  const CombinationResult* shown = nullptr;
  const SystemResult* example = nullptr;
};
using Key = std::tuple<std::string, std::string>;  // Culprit, requirement.

std::map<Key, Group> GroupsOf(const std::vector<CombinationResult>& results,
                              const Implementations& all) {
  std::map<Key, Group> groups;
  for (const CombinationResult& result : results) {
    for (const SystemResult& one : result.cases) {
      const bool quiet =
          one.result.verdict == Verdict::kPass || one.result.verdict == Verdict::kUnsupported;
      if (quiet) {
        continue;
      }
      const bool known = !one.causes.empty();
      Group& group = groups[{known ? Culprit(one.causes.front().part, result.combination, all)
                                   : With(result.combination, all),
                             known ? one.causes.front().cause.requirement : ""}];
      group.cases.insert(one.result.case_id);
      ++group.count;
      if (group.example == nullptr) {
        group.shown = &result;
        group.example = &one;
      }
    }
  }
  return groups;
}

std::string TextOf(const Key& key, const Group& group, const Implementations& all,
                   const report::RequirementIndex& requirements) {
  const auto& [culprit, requirement] = key;
  const CaseResult& result = group.example->result;
  std::string text = report::Printable(culprit) + ": " +
                     (requirement.empty() ? report::Cut(result.reason, kMostBytes)
                                          : report::SentenceOf(requirement, requirements)) +
                     "\n";
  text += fmt::format("  {} of {}, first in {}, with {}\n", report::Counted(group.count, "run"),
                      report::Counted(group.cases.size(), "case"), result.case_id,
                      report::Printable(With(group.shown->combination, all)));
  if (!group.example->causes.empty()) {
    const report::Cause& cause = group.example->causes.front().cause;
    text += fmt::format("  at {} ms", cause.moment.at_ms);
    if (!cause.want.empty()) {  // What stopped the case wanted nothing.
      text += ", want  " + report::Cut(cause.want, kMostBytes);
    }
    text += "\n  got   " + report::Cut(cause.got, kMostBytes) + "\n";
  }
  return text;
}

nlohmann::ordered_json JsonOf(const SystemResult& one) {
  nlohmann::ordered_json causes = nlohmann::ordered_json::array();
  for (const SystemCause& cause : one.causes) {
    causes.push_back({{"part", cause.part},
                      {"requirement", cause.cause.requirement},
                      {"at_ms", cause.cause.moment.at_ms},
                      {"want", cause.cause.want},
                      {"got", cause.cause.got}});
  }
  return {{"id", one.result.case_id},
          {"verdict", VerdictWord(one.result.verdict)},
          {"reason", one.result.reason},
          {"causes", causes}};
}

}  // namespace

std::string HeadingText(const Implementations& implementations) {
  const std::size_t width = WidthOf(implementations);
  return fmt::format("{:{}}  {:{}}  {:{}}\n", "sender", width, "router", width, "target", width);
}

std::string LineOf(const CombinationResult& result, const Implementations& implementations) {
  const std::size_t width = WidthOf(implementations);
  const Combination& c = result.combination;
  return fmt::format("{:{}}  {:{}}  {:{}}  {}\n", report::Printable(implementations[c.sender].name),
                     width, report::Printable(implementations[c.router].name), width,
                     report::Printable(implementations[c.target].name), width,
                     result.counts().Text());
}

std::string InteropCauses(const std::vector<CombinationResult>& results,
                          const Implementations& implementations,
                          const report::RequirementIndex& requirements) {
  std::string text;
  for (const auto& [key, group] : GroupsOf(results, implementations)) {
    text += "\n" + TextOf(key, group, implementations, requirements);
  }
  std::vector<report::CaseRecord> all;
  for (const CombinationResult& result : results) {
    for (const SystemResult& one : result.cases) {
      report::CaseRecord& record = all.emplace_back();
      record.was_run = true;
      record.result.verdict = one.result.verdict;
    }
  }
  return text + fmt::format("\n{} of {}: {}\n", report::Counted(results.size(), "combination"),
                            report::Counted(implementations.size(), "implementation"),
                            report::CountOf(all).Text());
}

std::string InteropJson(const std::vector<CombinationResult>& results,
                        const Implementations& implementations) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const CombinationResult& result : results) {
    nlohmann::ordered_json cases = nlohmann::ordered_json::array();
    for (const SystemResult& one : result.cases) {
      cases.push_back(JsonOf(one));
    }
    const Combination& c = result.combination;
    list.push_back({{"sender", implementations[c.sender].name},
                    {"router", implementations[c.router].name},
                    {"target", implementations[c.target].name},
                    {"cases", cases}});
  }
  const nlohmann::ordered_json json{{"format", "cmb-interop-1"}, {"combinations", list}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cmb::conformance::system
