// What comes first of what went wrong in one case.
#include "conformance/report/cause.h"

#include <gtest/gtest.h>

namespace cmb::conformance::report {
namespace {

const Place kScenario{"scenarios/sender/x.yaml", 1, 1};

oracle::Finding FindingAt(std::size_t entry, const std::string& id) {
  oracle::Finding finding;
  finding.rule = "rule-of-" + id;
  finding.requirement = id;
  finding.sentence = "seen";
  finding.entry = entry;
  finding.line = 7;
  return finding;
}

CaseResult MissedAt(std::size_t entry, const std::string& id) {
  CaseResult result;
  Miss miss;
  miss.requirement = id;
  miss.moment = {entry, 500};
  result.misses = {miss};
  return result;
}

std::vector<std::string> Order(const CaseResult& result,
                               const std::vector<oracle::Finding>& findings) {
  Transcript transcript;
  for (std::uint64_t at_ms = 0; at_ms < 10; ++at_ms) {
    transcript.entries.push_back({at_ms * 100, 0, 1, StepMarker{}});
  }
  std::vector<std::string> ids;
  for (const Cause& cause : CausesOf(result, findings, transcript, kScenario)) {
    ids.push_back(cause.requirement);
  }
  return ids;
}

using Ids = std::vector<std::string>;

TEST(CausesOf, TheEarliestBreachIsFirstWhoeverFoundIt) {
  EXPECT_EQ(Order(MissedAt(5, "M"), {FindingAt(3, "A"), FindingAt(8, "B")}), (Ids{"A", "M", "B"}));
}

TEST(CausesOf, AtOnePlaceTheOracleSpeaksOfTheCause) {
  EXPECT_EQ(Order(MissedAt(5, "M"), {FindingAt(5, "A")}), (Ids{"A", "M"}));
}

TEST(CausesOf, OfOneExchangeTheOracleSpeaksFirstWhereverItsFramesStand) {
  Transcript transcript;
  for (const std::uint64_t exchange : {1, 1, 1, 2, 2}) {
    transcript.entries.push_back({0, 0, exchange, IutEvent{}});
  }
  const auto first = [&transcript](std::size_t missed, std::size_t found) {
    return CausesOf(MissedAt(missed, "M"), {FindingAt(found, "A")}, transcript, kScenario)
        .front()
        .requirement;
  };
  EXPECT_EQ(first(0, 2), "A");
  EXPECT_EQ(first(0, 3), "M");
  EXPECT_EQ(first(3, 1), "A");
}

TEST(CausesOf, OfSeveralAtOnePlaceTheOneThatTheScenarioIsAboutIsFirst) {
  CaseResult result;
  result.requirements = {"B"};
  EXPECT_EQ(Order(result, {FindingAt(4, "A"), FindingAt(4, "B")}), (Ids{"B", "A"}));
}

TEST(CausesOf, WhatStoppedTheCaseIsAConsequence) {
  CaseResult result;
  result.stop = Stop{};
  result.stop->requirement = "S";
  result.stop->moment = {4, 0};
  EXPECT_EQ(Order(result, {FindingAt(4, "A")}), (Ids{"A", "S"}));
}

TEST(CausesOf, FramesThatWereNotCountedExplainWhatWasMissed) {
  CaseResult result = MissedAt(5, "M");
  result.stop = Stop{};
  result.stop->requirement = "S";
  result.stop->explains_misses = true;
  EXPECT_EQ(Order(result, {FindingAt(2, "A"), FindingAt(8, "B")}), (Ids{"A", "S", "M", "B"}));
}

TEST(CausesOf, OfOneRuleAndRequirementTheFirstStandsForAll) {
  const auto causes = CausesOf({}, {FindingAt(3, "A"), FindingAt(4, "A")}, {}, kScenario);
  ASSERT_EQ(causes.size(), 1U);
  EXPECT_EQ(causes[0].more, 1U);
  EXPECT_EQ(causes[0].place.line, 7);
}

}  // namespace
}  // namespace cmb::conformance::report
