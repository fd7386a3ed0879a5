#include "conformance/report/comparison.h"

#include <fmt/format.h>

#include <map>

#include "conformance/report/outer_text.h"

namespace cmb::conformance::report {
namespace {

constexpr char kAbsent[] = "absent";

std::string Outcome(const CaseRecord* record) {
  if (record == nullptr) {
    return kAbsent;
  }
  return record->was_run ? std::string(VerdictWord(record->result.verdict)) : "not run";
}

std::string FirstBlamed(const CaseRecord* record) {
  const auto blamed = record == nullptr ? std::vector<std::string>() : Blamed(*record);
  return blamed.empty() ? "" : blamed.front();
}

// Nothing is wrong with it, as far as it was asked.
bool IsGood(const std::string& outcome) {
  return outcome == VerdictWord(Verdict::kPass) || outcome == VerdictWord(Verdict::kUnsupported);
}

void Put(Difference difference, Comparison& comparison) {
  const bool was_good = IsGood(difference.before), is_good = IsGood(difference.after);
  if (difference.before == difference.after &&
      difference.blamed_before == difference.blamed_after) {
    ++comparison.same;
  } else if (difference.before == kAbsent && is_good) {
    comparison.fresh.push_back(std::move(difference));
  } else if (difference.before == VerdictWord(Verdict::kPass) || (was_good && !is_good) ||
             difference.before == kAbsent) {
    comparison.worse.push_back(std::move(difference));
  } else if (is_good) {
    comparison.better.push_back(std::move(difference));
  } else {
    comparison.other.push_back(std::move(difference));
  }
}

std::string LineOf(const Difference& one) {
  const auto outcome = [](const std::string& word, const std::string& blamed) {
    return word + (blamed.empty() ? "" : " (" + blamed + ")");
  };
  return fmt::format("  {}: {} -> {}\n", Printable(one.case_id),
                     outcome(one.before, one.blamed_before), outcome(one.after, one.blamed_after));
}

std::string Part(const char* heading, const std::vector<Difference>& differences) {
  std::string text;
  for (const Difference& one : differences) {
    text += LineOf(one);
  }
  return text.empty() ? "" : std::string(heading) + ":\n" + text;
}

}  // namespace

Comparison Compare(const RunReport& before, const RunReport& after) {
  std::map<std::string, std::pair<const CaseRecord*, const CaseRecord*>> by_id;
  for (const CaseRecord& record : before.cases) {
    by_id[record.result.case_id].first = &record;
  }
  for (const CaseRecord& record : after.cases) {
    by_id[record.result.case_id].second = &record;
  }
  Comparison comparison;
  for (const auto& [id, pair] : by_id) {
    const auto& [old, fresh] = pair;
    Put({id, Outcome(old), Outcome(fresh), FirstBlamed(old), FirstBlamed(fresh)}, comparison);
  }
  return comparison;
}

std::string ComparisonText(const Comparison& comparison) {
  return Part("worse", comparison.worse) + Part("better", comparison.better) +
         Part("otherwise", comparison.other) + Part("new", comparison.fresh) +
         fmt::format("{} worse, {} better, {} otherwise, {} new, {} the same\n",
                     comparison.worse.size(), comparison.better.size(), comparison.other.size(),
                     comparison.fresh.size(), comparison.same);
}

}  // namespace cmb::conformance::report
