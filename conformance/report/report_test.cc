#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "conformance/report/entry_text.h"
#include "conformance/report/failure_text.h"
#include "conformance/report/json_report.h"
#include "conformance/report/report_testing.h"
#include "conformance/report/terminal.h"

namespace cmb::conformance::report {
namespace {

std::string Terminal(const RunReport& report, bool verbose = true) {
  std::ostringstream out;
  WriteTerminal(report, {false, verbose, {"report: here.json"}}, out);
  return out.str();
}

// Each of `parts` stands in `text` after the one before.
void ExpectInOrder(const std::string& text, const std::vector<std::string>& parts) {
  std::size_t at = 0;
  for (const std::string& part : parts) {
    const std::size_t found = text.find(part, at);
    ASSERT_NE(found, std::string::npos) << "no '" << part << "' after the one before in\n" << text;
    at = found;
  }
}

TEST(FailureText, HasTheSentenceFirstAndTheCommandLast) {
  const std::string text = FailureText(AFailedCase(), AReport().requirements);
  ExpectInOrder(text,
                {std::string("CMB-RTR-009 (spec/05-router.md:44) MUST NOT: ") + kSentence,
                 "no-receipt.yaml:7:5: expect", "want  nothing", "got   DELIVERY_ACK/SUCCESS of m1",
                 "to IUT  MESSAGE", "by IUT  DELIVERY_ACK", "stderr", "last words",
                 "again: cmb-conformance run --run router/no-receipt -- ./iut"});
}

TEST(FailureText, ShowsControlCharactersOfTheIut) {
  const std::string text = FailureText(AFailedCase(), AReport().requirements);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("\\x1b[31mred"), std::string::npos);
}

TEST(FailureText, NamesTheRuleItsLineAndHowOften) {
  const std::string text = FailureText(AFindingCase(), {});
  ExpectInOrder(text, {"CMB-OBS-008", "silent.yaml:9:1: rule one-alert-per-failure",
                       "want  One alert for each failure.", "got   'm1': no alert",
                       "(+2 more of the same rule)"});
}

TEST(FailureText, ListsWhatFollowedUnderAndThenAndNotWithoutEnd) {
  CaseRecord record = AFailedCase();
  record.causes.resize(20, AFindingCase().causes.front());
  const std::string text = FailureText(record, {});
  ExpectInOrder(text, {"expect: nothing", "and then", "CMB-OBS-008 at 0 ms: 'm1': no alert",
                       "... and 14 more"});
}

TEST(FailureText, KeepsTheLastLinesOfAnEndlessStderr) {
  CaseRecord record = ACase("sender/x", Verdict::kIutCrashed);
  for (int i = 0; i < 100; ++i) {
    record.result.iut_stderr += "line " + std::to_string(i) + "\n";
  }
  const std::string text = FailureText(record, {});
  EXPECT_EQ(text.find("line 79\n"), std::string::npos);
  EXPECT_NE(text.find("(80 lines before)"), std::string::npos);
  EXPECT_NE(text.find("line 99\n"), std::string::npos);
}

TEST(Terminal, ShowsFailuresThenScenariosThenTheSummary) {
  ExpectInOrder(
      Terminal(AReport()),
      {"fail  router/no-receipt  (The title of router/no-receipt)", "fail  sender/silent@by=a",
       "IUT crashed  target/crash", "killed by signal 6", "advice  sender/silent@by=b",
       "pass           router/plain", "fail           router/no-receipt",
       "2 cases: 1 failed, 1 passed", "unsupported    target/tracked",
       "causes, the most basic first:", "choices of the implementation: CHO-003 queues",
       "1 case unsupported: the IUT does not claim TRACKED",
       "an-iut 2: 5 scenarios, 6 cases: 2 failed, 1 with the IUT crashed, 1 unsupported, "
       "2 passed",
       "seed 5", "report: here.json"});
}

TEST(Terminal, ShowsTheCausesAndNoCaseUnlessAsked) {
  const std::string text = Terminal(AReport(), false);
  ExpectInOrder(text,
                {"causes, the most basic first:", "IUT crashed: the IUT was killed by signal 6",
                 "CMB-OBS-008", "CMB-RTR-009: A router MUST NOT", "1 case, router/no-receipt:7",
                 "want  nothing", "got   DELIVERY_ACK", "advice: CMB-RTR-009 in 1 case",
                 "an-iut 2: 5 scenarios, 6 cases", "--verbose"});
  EXPECT_EQ(text.find("pass           router/plain"), std::string::npos);
  EXPECT_EQ(text.find("case unsupported:"), std::string::npos);
}

TEST(Terminal, GroupsWhatIsUnsupportedByWhatIsMissing) {
  RunReport report = AReport();
  for (const char* id : {"target/a", "target/b"}) {
    report.cases.push_back(ACase(id, Verdict::kUnsupported));
    report.cases.back().result.reason = "the IUT does not claim virtual_clock";
  }
  ExpectInOrder(Terminal(report), {"2 cases unsupported: the IUT does not claim virtual_clock\n",
                                   "1 case unsupported: the IUT does not claim TRACKED\n"});
}

TEST(Terminal, SaysThatResultsArePartial) {
  RunReport report = AReport();
  report.interrupted = true;
  report.cases[5].was_run = false;
  ExpectInOrder(Terminal(report), {"not run        target/tracked", "1 not run", "partial"});
}

TEST(Progress, OverwritesItsLineAndLeavesNone) {
  std::ostringstream out;
  {
    Progress progress(out, true, 2);
    progress.CaseDone(ACase("router/plain", Verdict::kPass));
    progress.CaseDone(AFailedCase());
  }
  EXPECT_NE(out.str().find("1/2  0 not passed  router/plain"), std::string::npos);
  EXPECT_NE(out.str().find("2/2  1 not passed  router/no-receipt"), std::string::npos);
  EXPECT_EQ(out.str().find('\n'), std::string::npos);
  EXPECT_TRUE(out.str().ends_with("\r\x1b[K"));
}

TEST(Progress, IsALineNowAndThenWhereThereIsNoTerminal) {
  std::ostringstream often, seldom;
  Progress every(often, false, 2, std::chrono::milliseconds(0));
  Progress later(seldom, false, 2);
  every.CaseDone(AFailedCase());
  later.CaseDone(AFailedCase());
  EXPECT_EQ(often.str(), "1/2  1 not passed  router/no-receipt\n");
  EXPECT_EQ(seldom.str(), "");
}

TEST(SentenceOf, HasTheLevelThatTheSentenceWords) {
  Requirement requirement;
  requirement.id = "CMB-A-1";
  requirement.level = "MUST";
  requirement.sentence = "It MUST stop, and what MUST NOT happen is said elsewhere.";
  EXPECT_EQ(requirement.LevelWord(), "MUST");
  requirement.sentence = "It MUST NOT stop.";
  EXPECT_EQ(requirement.LevelWord(), "MUST NOT");
  EXPECT_EQ(SentenceOf("CMB-A-1", RequirementIndex({requirement})),
            "CMB-A-1 MUST NOT: It MUST NOT stop.");
}

nlohmann::json Json(const RunReport& report) {
  std::ostringstream out;
  WriteJson(report, out);
  return nlohmann::json::parse(out.str());
}

TEST(Json, HasEveryCaseWithItsEvidence) {
  const auto json = Json(AReport());
  EXPECT_EQ(json["counts"]["fail"], 2);
  ASSERT_EQ(json["cases"].size(), 6U);
  EXPECT_EQ(json["cases"][1]["verdict"], "fail");
  EXPECT_EQ(json["cases"][1]["blamed"], nlohmann::json({"CMB-RTR-009"}));
  EXPECT_EQ(json["cases"][1]["causes"][0]["got"], "DELIVERY_ACK/SUCCESS of m1");
  EXPECT_EQ(json["cases"][2]["causes"][0]["kind"], "oracle");
  EXPECT_EQ(json["causes"].size(), 3U);
  EXPECT_EQ(json["causes"][0]["verdict"], "IUT crashed");
  EXPECT_EQ(json["cases"][3]["advice"].size(), 1U);
  EXPECT_EQ(json["cases"][3]["may"][0]["seen"], true);
  EXPECT_EQ(json["cases"][0]["choices"][0]["label"], "queues");
  EXPECT_EQ(json["cases"][5]["verdict"], "unsupported");
}

TEST(Json, KeepsTimesApart) {
  RunReport slow = AReport();
  slow.wall_ms = 99999;
  slow.jobs = 7;
  slow.cases[0].wall_ms = 4;
  auto a = Json(slow), b = Json(AReport());
  EXPECT_NE(a, b);
  a.erase("timing");
  b.erase("timing");
  EXPECT_EQ(a, b);
}

TEST(Json, SurvivesWhatIsNoUtf8) {
  RunReport report = AReport();
  report.cases[1].result.iut_stderr = "\xff\xfe";
  EXPECT_EQ(Json(report)["cases"].size(), 6U);
}

TEST(Counts, WhatWasNotRunIsInNoVerdict) {
  CaseRecord record = ACase("a/b", Verdict::kPass);
  record.was_run = false;
  const Counts counts = CountOf({record});
  EXPECT_EQ(counts.pass, 0U);
  EXPECT_EQ(counts.not_run, 1U);
  EXPECT_EQ(counts.all(), 1U);
}

TEST(LastEntries, LeavesOutPingsAndKeepsTheLast) {
  Transcript transcript;
  ack::v1::CognitiveMessage ping;
  ping.set_msg_type(ack::v1::MSG_TYPE_PING);
  for (int i = 0; i < 5; ++i) {
    transcript.entries.push_back({0, 0, 1, StepMarker{i, "step " + std::to_string(i)}});
    DataFrame frame;
    frame.header = ping;
    transcript.entries.push_back({0, 0, 1, frame});
  }
  const auto lines = LastEntries(transcript, 2);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].find("step 3"), std::string::npos);
  EXPECT_NE(lines[1].find("step 4"), std::string::npos);
}

}  // namespace
}  // namespace cmb::conformance::report
