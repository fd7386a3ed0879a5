#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <sstream>

#include "conformance/report/entry_text.h"
#include "conformance/report/failure_text.h"
#include "conformance/report/json_report.h"
#include "conformance/report/junit.h"
#include "conformance/report/terminal.h"

namespace cmb::conformance::report {
namespace {

constexpr char kSentence[] = "A router MUST NOT send DELIVERY_ACK/SUCCESS without a RECEIPT.";

CaseRecord ACase(const std::string& id, Verdict verdict) {
  CaseRecord record;
  record.scenario_id = id.substr(0, id.find('@'));
  record.role = id.substr(0, id.find('/'));
  record.place = {"scenarios/" + record.scenario_id + ".yaml", 1, 1};
  record.result.case_id = id;
  record.result.title = "The title of " + record.scenario_id;
  record.result.verdict = verdict;
  record.result.requirements = {"CMB-RTR-009"};
  record.rerun = "cmb-conformance run --run " + id + " -- ./iut";
  record.was_run = true;
  record.wall_ms = 12.5;
  return record;
}

CaseRecord AFailedCase() {
  CaseRecord record = ACase("router/no-receipt", Verdict::kFail);
  Miss miss;
  miss.place = {record.place.file, 7, 5};
  miss.requirement = "CMB-RTR-009";
  miss.step = "expect: nothing";
  miss.want = "nothing";
  miss.got = "DELIVERY_ACK/SUCCESS of m1";
  record.result.misses = {miss};
  record.result.iut_stderr = "warning: \x1b[31mred\nlast words\n";
  record.last_entries = {"0 ms  to IUT  MESSAGE", "0 ms  by IUT  DELIVERY_ACK"};
  return record;
}

CaseRecord AFindingCase() {
  CaseRecord record = ACase("sender/silent@by=a", Verdict::kFail);
  oracle::Finding finding;
  finding.rule = "one-alert-per-failure";
  finding.requirement = "CMB-OBS-008";
  finding.holds = "One alert for each failure.";
  finding.sentence = "'m1': no alert says so";
  finding.step = 3;
  finding.line = 9;
  record.findings = {finding, finding, finding};
  return record;
}

RunReport AReport() {
  RunReport report;
  report.iut_name = "an-iut";
  report.iut_version = "2";
  report.seed = 5;
  report.wall_ms = 1234;
  Requirement requirement;
  requirement.id = "CMB-RTR-009";
  requirement.level = "MUST";
  requirement.sentence = kSentence;
  requirement.chapter = "spec/05-router.md";
  requirement.line = 44;
  report.requirements = RequirementIndex({requirement});
  report.cases = {ACase("router/plain", Verdict::kPass),
                  AFailedCase(),
                  AFindingCase(),
                  ACase("sender/silent@by=b", Verdict::kPass),
                  ACase("target/crash", Verdict::kIutCrashed),
                  ACase("target/tracked", Verdict::kUnsupported)};
  report.cases[4].result.reason = "the IUT was killed by signal 6";
  report.cases[5].result.reason = "the IUT does not claim TRACKED";
  report.cases[0].result.choices = {{"CHO-003", "queues", {}}};
  Miss advice;
  advice.requirement = "CMB-RTR-009";
  advice.step = "expect: PONG";
  report.cases[3].result.advice = {advice};
  report.cases[3].result.may = {{"CMB-RTR-009", "a PONG", true, {}}};
  return report;
}

std::string Terminal(const RunReport& report) {
  std::ostringstream out;
  WriteTerminal(report, {false, {"report: here.json"}}, out);
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

TEST(FailureText, ShowsWhatWasMissedBeforeWhatTheOracleFound) {
  CaseRecord record = AFailedCase();
  record.findings = AFindingCase().findings;
  ExpectInOrder(FailureText(record, {}), {"expect: nothing", "rule one-alert-per-failure"});
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
       "2 cases: 1 failed, 1 passed", "unsupported    target/tracked", "CHO-003: queues",
       "1 case unsupported: the IUT does not claim TRACKED",
       "an-iut 2: 5 scenarios, 6 cases: 2 failed, 1 with the IUT crashed, 1 unsupported, "
       "2 passed",
       "seed 5", "report: here.json"});
}

TEST(Terminal, GroupsWhatIsUnsupportedByWhatIsMissing) {
  RunReport report = AReport();
  for (const char* id : {"target/a", "target/b"}) {
    report.cases.push_back(ACase(id, Verdict::kUnsupported));
    report.cases.back().result.reason = "the IUT does not claim virtual_clock";
  }
  ExpectInOrder(Terminal(report), {"\n2 cases unsupported: the IUT does not claim virtual_clock\n",
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
    Progress progress(&out, 2);
    progress.CaseDone(ACase("router/plain", Verdict::kPass));
    progress.CaseDone(AFailedCase());
  }
  EXPECT_NE(out.str().find("1/2  0 not passed  router/plain"), std::string::npos);
  EXPECT_NE(out.str().find("2/2  1 not passed  router/no-receipt"), std::string::npos);
  EXPECT_EQ(out.str().find('\n'), std::string::npos);
  EXPECT_EQ(out.str().back(), '\r');
}

std::string JUnit(const RunReport& report) {
  std::ostringstream out;
  WriteJUnit(report, out);
  return out.str();
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

TEST(JUnit, CountsAndExplainsEachVerdict) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(JUnit(AReport()).c_str()));
  const pugi::xml_node root = document.child("testsuites");
  EXPECT_EQ(root.attribute("tests").as_int(), 6);
  EXPECT_EQ(root.attribute("failures").as_int(), 2);
  EXPECT_EQ(root.attribute("errors").as_int(), 1);
  EXPECT_EQ(root.attribute("skipped").as_int(), 1);
  const auto failed = document.select_node("//testcase[@name='router/no-receipt']/failure").node();
  EXPECT_EQ(failed.attribute("message").value(),
            std::string("CMB-RTR-009 (spec/05-router.md:44) MUST NOT: ") + kSentence);
  EXPECT_NE(std::string(failed.text().get()).find("want  nothing"), std::string::npos);
  EXPECT_TRUE(document.select_node("//testcase[@name='target/tracked']/skipped"));
  EXPECT_TRUE(document.select_node("//testcase[@name='target/crash']/error"));
  EXPECT_TRUE(document.select_node("//property[@name='choice'][@value='CHO-003=queues']"));
  EXPECT_TRUE(document.select_node("//property[@name='advice']"));
}

TEST(JUnit, IsTheSameWhateverTheTime) {
  RunReport slow = AReport();
  slow.wall_ms = 99999;
  slow.jobs = 7;
  slow.cases[0].wall_ms = 4;
  EXPECT_EQ(JUnit(slow), JUnit(AReport()));
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
  EXPECT_EQ(json["cases"][1]["misses"][0]["got"], "DELIVERY_ACK/SUCCESS of m1");
  EXPECT_EQ(json["cases"][2]["oracle"][0]["rule"], "one-alert-per-failure");
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
