#include "conformance/report/run_causes.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "conformance/report/same_way.h"

namespace cmb::conformance::report {
namespace {

// Crashes and broken harnesses hide what else is wrong; what proves nothing comes last.
int RankOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kIutCrashed:
      return 0;
    case Verdict::kNoAnswer:
      return 1;
    case Verdict::kHarnessError:
      return 2;
    case Verdict::kFail:
      return 3;
    case Verdict::kInconclusive:
      return 4;
    case Verdict::kUnsupported:
    case Verdict::kPass:
      return 5;
  }
  return 5;
}

// Rows that are broken where nothing odd was done, or that the oracle saw broken.
std::set<std::string> BrokenRows(const RunReport& report) {
  std::set<std::string> rows;
  for (const CaseRecord& record : report.cases) {
    const Cause* first = record.causes.empty() ? nullptr : &record.causes.front();
    if (NeedsWords(record) && first != nullptr && !first->requirement.empty() &&
        (first->kind == CauseKind::kOracle || first->requirement == first->row)) {
      rows.insert(first->requirement);
    }
  }
  return rows;
}

// Whom the run blames for a case. A row that is broken elsewhere as well is broken here, too,
// whatever the case is about.
std::string IdOf(const CaseRecord& record, const std::set<std::string>& broken,
                 const SameWay& same_way) {
  if (record.causes.empty()) {
    return "";
  }
  const Cause& first = record.causes.front();
  return broken.contains(first.row) ? first.row : same_way.BlamedFor(first);
}

// Processes that end alike are one cause, whatever they were asked just then.
std::string ReasonOf(const CaseRecord& record) {
  const std::string& reason = record.result.reason;
  switch (record.result.verdict) {
    case Verdict::kNoAnswer:
      return "";
    case Verdict::kIutCrashed:
      return reason.substr(0, reason.rfind(" during "));
    case Verdict::kFail:
    case Verdict::kHarnessError:
    case Verdict::kInconclusive:
    case Verdict::kUnsupported:
    case Verdict::kPass:
      return reason;
  }
  return reason;
}

// Cases of one key are one cause.
using Key = std::tuple<int, int, std::string, std::string>;

Key KeyOf(const CaseRecord& record, const std::string& id, const RequirementIndex& requirements) {
  const Requirement* requirement = requirements.Find(id);
  return {RankOf(record.result.verdict), requirement == nullptr ? 0 : requirement->order, id,
          id.empty() ? ReasonOf(record) : ""};
}

std::size_t HistoryOf(const CaseRecord& record) {
  return record.causes.empty() ? 0 : record.causes.front().moment.entry;
}

// As the example of a cause: blamed for it itself, and after little.
bool IsBetter(const CaseRecord& record, const CaseRecord& than, const std::string& id) {
  const auto rank = [&id](const CaseRecord& one) {
    const bool itself = !one.causes.empty() && one.causes.front().requirement == id;
    return std::make_tuple(!itself, HistoryOf(one));
  };
  return rank(record) < rank(than);
}

// As early as anything else: what comes later explains nothing.
bool Blames(const CaseRecord& record, const std::string& id) {
  return std::any_of(record.causes.begin(), record.causes.end(), [&](const Cause& cause) {
    return cause.requirement == id && cause.moment.at_ms == record.causes.front().moment.at_ms;
  });
}

bool AllBlame(const RunCause& cause, const std::string& id) {
  return !id.empty() &&
         std::all_of(cause.cases.begin(), cause.cases.end(),
                     [&id](const CaseRecord* record) { return Blames(*record, id); });
}

void AddUnder(const std::string& id, std::size_t cases, RunCause& cause) {
  const auto same = std::find_if(cause.under.begin(), cause.under.end(),
                                 [&id](const auto& entry) { return entry.first == id; });
  if (same == cause.under.end()) {
    cause.under.emplace_back(id, cases);
  } else {
    same->second += cases;
  }
}

// What is blamed in each of its cases and is more basic explains a cause.
std::vector<RunCause> Nested(std::vector<RunCause> causes) {
  std::vector<RunCause> nested;
  for (RunCause& cause : causes) {
    const auto basic = std::find_if(nested.begin(), nested.end(), [&cause](const RunCause& other) {
      return cause.verdict == Verdict::kFail && AllBlame(cause, other.requirement);
    });
    if (basic == nested.end()) {
      nested.push_back(std::move(cause));
    } else {
      AddUnder(cause.requirement, cause.cases.size(), *basic);
    }
  }
  return nested;
}

}  // namespace

std::vector<RunCause> RunCauses(const RunReport& report) {
  const std::set<std::string> broken = BrokenRows(report);
  const SameWay same_way(report);
  std::map<Key, RunCause> groups;
  for (const CaseRecord& record : report.cases) {
    if (!NeedsWords(record)) {
      continue;
    }
    const std::string id = IdOf(record, broken, same_way);
    RunCause& cause = groups[KeyOf(record, id, report.requirements)];
    cause.verdict = record.result.verdict;
    cause.requirement = id;
    cause.cases.push_back(&record);
    if (cause.example == nullptr || IsBetter(record, *cause.example, id)) {
      cause.example = &record;
    }
    if (!record.causes.empty() && record.causes.front().requirement != id) {
      AddUnder(record.causes.front().requirement, 1, cause);
    }
  }
  std::vector<RunCause> causes;
  for (auto& [key, cause] : groups) {
    causes.push_back(std::move(cause));
  }
  return Nested(std::move(causes));
}

}  // namespace cmb::conformance::report
