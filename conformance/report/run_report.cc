#include "conformance/report/run_report.h"

#include <algorithm>

#include "proto/wire/words.h"

namespace cmb::conformance::report {

std::string RoleWord(ack::v1::Role role) {
  std::string word = wire::Word(role);
  std::transform(word.begin(), word.end(), word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return word;
}

void Counts::Add(const CaseRecord& record) {
  if (!record.was_run) {
    ++not_run;
    return;
  }
  if (!record.expected.empty()) {
    ++expected;
    return;
  }
  switch (record.result.verdict) {
    case Verdict::kPass:
      ++pass;
      return;
    case Verdict::kFail:
      ++fail;
      return;
    case Verdict::kIutCrashed:
      ++iut_crashed;
      return;
    case Verdict::kNoAnswer:
      ++no_answer;
      return;
    case Verdict::kHarnessError:
      ++harness_error;
      return;
    case Verdict::kInconclusive:
      ++inconclusive;
      return;
    case Verdict::kUnsupported:
      ++unsupported;
      return;
  }
}

std::uint64_t Counts::all() const {
  return pass + fail + iut_crashed + no_answer + harness_error + inconclusive + unsupported +
         not_run + expected;
}

std::string Counts::Text() const {
  std::string text;
  const auto add = [&text](std::uint64_t count, const char* word) {
    if (count != 0) {
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + word;
    }
  };
  add(fail, "failed");
  add(iut_crashed, "with the IUT crashed");
  add(no_answer, "without an answer");
  add(harness_error, "with a harness error");
  add(inconclusive, "inconclusive");
  add(not_run, "not run");
  add(expected, "expected to fail");
  add(unsupported, "unsupported");
  add(pass, "passed");
  return text.empty() ? "none" : text;
}

std::string Counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

Counts CountOf(const std::vector<CaseRecord>& cases) {
  Counts counts;
  for (const CaseRecord& record : cases) {
    counts.Add(record);
  }
  return counts;
}

std::vector<ScenarioSummary> Scenarios(const std::vector<CaseRecord>& cases) {
  std::vector<ScenarioSummary> scenarios;
  for (const CaseRecord& record : cases) {
    if (scenarios.empty() || scenarios.back().id != record.scenario_id) {
      ScenarioSummary fresh;
      fresh.id = record.scenario_id;
      fresh.title = record.result.title;
      fresh.place = record.place;
      scenarios.push_back(fresh);
    }
    ScenarioSummary& scenario = scenarios.back();
    scenario.counts.Add(record);
    if (record.was_run && record.expected.empty()) {
      scenario.worst = Worse(scenario.worst, record.result.verdict);
    }
  }
  return scenarios;
}

bool NeedsWords(const CaseRecord& record) {
  return record.was_run && record.result.verdict != Verdict::kPass &&
         record.result.verdict != Verdict::kUnsupported;
}

std::vector<std::string> Blamed(const CaseRecord& record) {
  std::vector<std::string> ids;
  const auto add = [&ids](const std::string& id) {
    if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) {
      ids.push_back(id);
    }
  };
  for (const Cause& cause : record.causes) {
    add(cause.requirement);
  }
  for (const Cause& cause : record.causes) {
    add(cause.about);
  }
  return ids;
}

std::string SentenceOf(const std::string& id, const RequirementIndex& requirements) {
  const Requirement* requirement = requirements.Find(id);
  if (requirement == nullptr) {
    return id;
  }
  const std::string place = requirement->Place();
  return id + (place.empty() ? "" : " (" + place + ")") + " " + requirement->LevelWord() + ": " +
         requirement->sentence;
}

}  // namespace cmb::conformance::report
