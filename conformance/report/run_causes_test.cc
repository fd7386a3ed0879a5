// What is wrong with an implementation, from what is wrong in its cases.
#include "conformance/report/run_causes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cmb::conformance::report {
namespace {

Cause CauseOf(const std::string& id, std::size_t entry) {
  Cause cause;
  cause.kind = CauseKind::kExpectation;
  cause.requirement = id;
  cause.moment = {entry, 1000};
  cause.place = {"scenarios/x.yaml", 9, 5};
  cause.step = "expect: ROUTED -> DELIVERED";
  cause.want = "ROUTED -> DELIVERED of m1";
  cause.got = "nothing of that kind in this window";
  return cause;
}

CaseRecord Failed(const std::string& id, const std::vector<std::string>& blamed,
                  std::size_t entry = 5) {
  CaseRecord record;
  record.result.case_id = id;
  record.result.verdict = Verdict::kFail;
  record.was_run = true;
  for (const std::string& requirement : blamed) {
    record.causes.push_back(CauseOf(requirement, entry));
  }
  return record;
}

RunReport ReportOf(std::vector<CaseRecord> cases) {
  std::vector<Requirement> requirements;
  for (int i = 1; i <= 60; ++i) {
    Requirement requirement;
    requirement.id = "R" + std::to_string(i);
    requirement.level = "MUST";
    requirement.sentence = "It MUST do " + std::to_string(i) + ".";
    requirement.order = i;
    requirements.push_back(requirement);
  }
  RunReport report;
  report.requirements = RequirementIndex(requirements);
  report.cases = std::move(cases);
  return report;
}

std::size_t LinesOf(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(RunCauses, CasesOfOneFirstCauseAreOneAndTheBasicComesFirst) {
  const RunReport report =
      ReportOf({Failed("a/1", {"R7"}), Failed("a/2", {"R3"}, 9), Failed("a/3", {"R3"}, 4)});
  const auto causes = RunCauses(report);
  ASSERT_EQ(causes.size(), 2U);
  EXPECT_EQ(causes[0].requirement, "R3");
  EXPECT_EQ(causes[0].cases.size(), 2U);
  EXPECT_EQ(causes[0].example->result.case_id, "a/3");  // With the shorter history.
  EXPECT_EQ(causes[1].requirement, "R7");
}

TEST(RunCauses, WhatIsBlamedBesidesAMoreBasicOneInAllItsCasesStandsUnderIt) {
  const RunReport report = ReportOf({Failed("a/1", {"R3"}), Failed("a/2", {"R7", "R3"}),
                                     Failed("a/3", {"R7", "R3"}), Failed("a/4", {"R9"})});
  const auto causes = RunCauses(report);
  ASSERT_EQ(causes.size(), 2U);
  ASSERT_EQ(causes[0].under.size(), 1U);
  EXPECT_EQ(causes[0].under[0].first, "R7");
  EXPECT_EQ(causes[0].under[0].second, 2U);
  EXPECT_EQ(causes[1].requirement, "R9");
}

TEST(RunCauses, ARowThatIsBrokenInPlainCasesIsBrokenInOddOnesToo) {
  CaseRecord plain = Failed("a/1", {"R3"}), odd = Failed("a/2", {"R9"});
  plain.causes[0].row = odd.causes[0].row = "R3";
  EXPECT_EQ(RunCauses(ReportOf({odd})).front().requirement, "R9");
  const RunReport report = ReportOf({odd, plain});
  const auto causes = RunCauses(report);
  ASSERT_EQ(causes.size(), 1U);
  EXPECT_EQ(causes[0].requirement, "R3");
  EXPECT_EQ(causes[0].example->result.case_id, "a/1");
  EXPECT_EQ(causes[0].under.front().first, "R9");
}

TEST(RunCauses, CrashesComeBeforeBreachesAndDoubtsAfterThem) {
  CaseRecord crash = Failed("a/1", {});
  crash.result.verdict = Verdict::kIutCrashed;
  crash.result.reason = "killed by signal 11";
  CaseRecord doubt = Failed("a/2", {});
  doubt.result.verdict = Verdict::kInconclusive;
  const RunReport report = ReportOf({doubt, Failed("a/3", {"R1"}), crash});
  const auto causes = RunCauses(report);
  ASSERT_EQ(causes.size(), 3U);
  EXPECT_EQ(causes[0].verdict, Verdict::kIutCrashed);
  EXPECT_EQ(causes[1].verdict, Verdict::kFail);
  EXPECT_EQ(causes[2].verdict, Verdict::kInconclusive);
}

TEST(RunCauses, ProcessesThatEndAlikeAreOneCauseWhateverTheyWereAsked) {
  std::vector<CaseRecord> cases;
  for (const char* const reason :
       {"the IUT exited with status 7 during Send", "the IUT exited with status 7 during Advance",
        "the IUT exited with status 8 during Send"}) {
    cases.push_back(Failed("a/1", {}));
    cases.back().result.verdict = Verdict::kIutCrashed;
    cases.back().result.reason = reason;
  }
  const auto causes = RunCauses(ReportOf(std::move(cases)));
  EXPECT_EQ(causes.size(), 2U);
}

TEST(RunCauses, ACrashLeavesTheOthersTheirSentences) {
  CaseRecord crashed = Failed("a/1", {""});
  crashed.result.verdict = Verdict::kIutCrashed;
  crashed.causes[0].kind = CauseKind::kStop;
  const auto causes = RunCauses(ReportOf({crashed, Failed("a/2", {"R3"})}));
  ASSERT_EQ(causes.size(), 2U);
  EXPECT_EQ(causes[0].requirement, "");
  EXPECT_EQ(causes[1].requirement, "R3");
}

TEST(RunCauses, WhatComesLaterExplainsNothing) {
  auto late = Failed("a/1", {"R3", "R1"});
  late.causes[1].moment.at_ms = late.causes[0].moment.at_ms + 1;
  const auto causes = RunCauses(ReportOf({Failed("a/2", {"R1"}), late}));
  ASSERT_EQ(causes.size(), 2U);
  EXPECT_EQ(causes[1].requirement, "R3");
}

TEST(RunCausesText, HasTheSentenceTheCountAndOneExample) {
  const std::string text =
      RunCausesText(ReportOf({Failed("a/1", {"R3"}), Failed("a/2", {"R3"})}), 30);
  EXPECT_EQ(text,
            "R3: It MUST do 3.\n"
            "  2 cases, first in a/1:9, at 1000 ms: expect: ROUTED -> DELIVERED\n"
            "  want  ROUTED -> DELIVERED of m1\n"
            "  got   nothing of that kind in this window\n");
}

TEST(RunCausesText, OfACrashTheLastWordsStandThere) {
  CaseRecord crashed = Failed("a/1", {""});
  crashed.result.verdict = Verdict::kIutCrashed;
  crashed.causes[0].kind = CauseKind::kStop;
  crashed.result.iut_stderr = "Traceback\n  at line 3\nKeyError: \x1b[31m'm1'\n\n";
  const std::string text = RunCausesText(ReportOf({crashed}), 30);
  EXPECT_NE(text.find("  stderr ends with: KeyError: "), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(RunCausesText, HasItsLinesAndNoMoreHoweverManyCausesThereAre) {
  for (const int count : {1, 6, 12, 30, 60}) {
    std::vector<CaseRecord> cases;
    for (int i = 1; i <= count; ++i) {
      cases.push_back(Failed("a/" + std::to_string(i), {"R" + std::to_string(i)}));
      cases.back().causes[0].got = std::string(10'000, 'x') + "\nforged\x1b[2J\n";
    }
    const std::string text = RunCausesText(ReportOf(std::move(cases)), 30);
    EXPECT_LE(LinesOf(text), 30U) << count;
    EXPECT_LT(text.size(), 10'000U);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find("in fewer cases") != std::string::npos, count > 7) << count;
  }
}

}  // namespace
}  // namespace cmb::conformance::report
