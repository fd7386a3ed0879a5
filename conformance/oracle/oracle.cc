#include "conformance/oracle/oracle.h"

#include <algorithm>
#include <utility>

#include "conformance/oracle/tables/interpreter.h"
#include "conformance/oracle/tables/level.h"

namespace cmb::conformance::oracle {
namespace {

int LineOfStep(const Transcript& transcript, std::size_t entry) {
  const int step = transcript.entries[entry].step;
  for (std::size_t i = entry + 1; i > 0; --i) {
    const Entry& candidate = transcript.entries[i - 1];
    if (candidate.step != step) {
      continue;
    }
    if (const auto* marker = std::get_if<StepMarker>(&candidate.what)) {
      return marker->line;
    }
  }
  return 0;
}

bool AppliesTo(const Rule& rule, ack::v1::Role role) {
  return std::find(rule.roles.begin(), rule.roles.end(), role) != rule.roles.end();
}

std::vector<Rule> Gathered() {
  std::vector<Rule> all;
  for (auto topic : {SendingRules, LifeRules, OutcomeRules, TargetRules, WireRules}) {
    std::vector<Rule> rules = topic();
    std::move(rules.begin(), rules.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

const std::vector<Rule>& AllRules() {
  static const std::vector<Rule> kRules = Gathered();
  return kRules;
}

namespace {

// The lives of a process that keeps nothing have nothing to do with one another: each is judged
// alone. A DURABLE implementation has one message over all of them.
struct Life {
  std::size_t begins = 0;  // Entry.
  Transcript transcript;
};

std::vector<Life> LivesOf(const Transcript& transcript) {
  std::vector<Life> lives(1);
  lives.back().transcript.header = transcript.header;
  for (std::size_t i = 0; i < transcript.entries.size(); ++i) {
    const Entry& entry = transcript.entries[i];
    const auto* process = std::get_if<ProcessMark>(&entry.what);
    if (process != nullptr && process->moment == ProcessMoment::kStarted) {
      Life next{i, {transcript.header, {}}};
      next.transcript.header.settings.set_now_ms(entry.at_ms);
      lives.push_back(std::move(next));
    }
    lives.back().transcript.entries.push_back(entry);
  }
  return lives;
}

bool WasRestarted(const Transcript& transcript) {
  return std::any_of(transcript.entries.begin(), transcript.entries.end(), [](const Entry& entry) {
    return std::holds_alternative<ProcessMark>(entry.what);
  });
}

std::vector<Finding> JudgeWhole(const Transcript& transcript) {
  const History history(transcript);
  std::vector<Finding> findings;
  for (const Rule& rule : AllRules()) {
    if (!AppliesTo(rule, transcript.header.role)) {
      continue;
    }
    Breaches breaches;
    rule.judge(history, breaches);
    if (breaches.size() > kFindingsOfOneRule) {
      breaches.resize(kFindingsOfOneRule);
    }
    for (Breach& breach : breaches) {
      const std::string_view blamed =
          breach.requirement.empty() ? rule.requirements.front() : breach.requirement;
      if (tables::IsAbove(history, blamed)) {
        continue;  // Nobody asked for it.
      }
      Finding finding{std::string(rule.name), std::string(blamed), std::string(rule.holds),
                      std::move(breach.sentence), breach.entry};
      finding.step = transcript.entries[breach.entry].step;
      finding.line = LineOfStep(transcript, breach.entry);
      findings.push_back(std::move(finding));
    }
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.entry < b.entry; });
  return findings;
}

}  // namespace

namespace {

std::vector<Finding> ByHistory(const Transcript& transcript) {
  if (transcript.header.profile == ack::v1::PROFILE_DURABLE || !WasRestarted(transcript)) {
    return JudgeWhole(transcript);
  }
  std::vector<Finding> findings;
  for (const Life& life : LivesOf(transcript)) {
    for (Finding& finding : JudgeWhole(life.transcript)) {
      finding.entry += life.begins;
      finding.line = LineOfStep(transcript, finding.entry);
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

// What the tables ask for, in words.
std::vector<Finding> ByTables(const Transcript& transcript, std::vector<tables::Applied>* applied) {
  const History history(transcript);
  const auto difference = tables::Interpret(history, applied);
  if (!difference) {
    return {};
  }
  Finding finding{"tables", std::string(difference->requirement), difference->row,
                  difference->sentence, difference->entry};
  finding.step = transcript.entries[difference->entry].step;
  finding.line = LineOfStep(transcript, difference->entry);
  return {finding};
}

}  // namespace

std::vector<Finding> Judge(const Transcript& transcript, std::vector<tables::Applied>* applied) {
  // The tables follow each record from event to event; frames alone do not say which row was taken.
  std::vector<Finding> findings =
      transcript.header.frames_only ? std::vector<Finding>() : ByTables(transcript, applied);
  for (Finding& finding : ByHistory(transcript)) {
    findings.push_back(std::move(finding));
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.entry < b.entry; });
  return findings;
}

}  // namespace cmb::conformance::oracle
