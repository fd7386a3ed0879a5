#include "conformance/oracle/oracle.h"

#include <algorithm>
#include <utility>

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
  for (auto topic :
       {EventRules, CauseRules, TimerRules, RetryRules, LifeRules, OutcomeRules, AckRules,
        AnswerRules, RouterRules, TargetRules, WireRules, FieldRules, TransitionRules}) {
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

std::vector<Finding> Judge(const Transcript& transcript) {
  const Facts facts(transcript);
  std::vector<Finding> findings;
  for (const Rule& rule : AllRules()) {
    if (!AppliesTo(rule, transcript.header.role)) {
      continue;
    }
    Breaches breaches;
    rule.judge(facts, breaches);
    if (breaches.size() > kFindingsOfOneRule) {
      breaches.resize(kFindingsOfOneRule);
    }
    for (Breach& breach : breaches) {
      const std::string_view blamed =
          breach.requirement.empty() ? rule.requirements.front() : breach.requirement;
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

}  // namespace cmb::conformance::oracle
