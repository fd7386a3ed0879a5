#include "conformance/runner/expected_failures.h"

#include <gtest/gtest.h>

#include <fstream>

#include "conformance/runner/repeated_run.h"

namespace cmb::conformance::runner {
namespace {

report::CaseRecord Record(const std::string& id, Verdict verdict, const std::string& blamed = "") {
  report::CaseRecord record;
  record.result.case_id = id;
  record.result.verdict = verdict;
  record.was_run = true;
  if (!blamed.empty()) {
    report::Cause cause;
    cause.requirement = blamed;
    record.causes.push_back(cause);
  }
  return record;
}

report::RunReport Report() {
  report::RunReport report;
  report.cases = {Record("target/a", Verdict::kFail, "CMB-TGT-001"),
                  Record("target/b", Verdict::kPass)};
  return report;
}

std::vector<scenario::Case> Cases() {
  std::vector<scenario::Case> cases(2);
  cases[0].id = "target/a";
  cases[1].id = "target/b";
  return cases;
}

std::vector<std::string> Held(const std::vector<ExpectedFailure>& expected,
                              report::RunReport& report) {
  return ApplyExpected(expected, report);
}

TEST(ExpectedFailures, OneThatFailsSoIsNeutral) {
  report::RunReport report = Report();
  EXPECT_TRUE(Held({{"target/a", "CMB-TGT-001", "known", "f:1"}}, report).empty());
  const auto counts = report::CountOf(report.cases);
  EXPECT_EQ(counts.expected, 1u);
  EXPECT_EQ(counts.fail, 0u);
}

TEST(ExpectedFailures, OneThatIsNotSoIsAComplaint) {
  report::RunReport report = Report();
  const auto complaints = Held(
      {{"target/b", "CMB-TGT-001", "mended", "f:1"}, {"target/a", "CMB-TGT-002", "other", "f:2"}},
      report);
  ASSERT_EQ(complaints.size(), 2u);
  EXPECT_NE(complaints[0].find("f:1: target/b is pass by now"), std::string::npos);
  EXPECT_NE(complaints[1].find("blames CMB-TGT-001 and not CMB-TGT-002"), std::string::npos);
  EXPECT_EQ(report::CountOf(report.cases).fail, 1u);
}

TEST(ExpectedFailures, OneOfNoCaseIsKnownBeforeTheRun) {
  const auto complaints = UnknownCases(
      {{"target/a", "CMB-TGT-001", "", "f:1"}, {"target/aa", "CMB-TGT-001", "gone", "f:3"}},
      Cases());
  ASSERT_EQ(complaints.size(), 1u);
  EXPECT_EQ(complaints[0], "f:3: there is no case target/aa, did you mean target/a?");
}

TEST(ExpectedFailures, WhatFixWritesIsReadBackAndKeepsReasons) {
  const std::string path = testing::TempDir() + "/expected.yaml";
  report::RunReport report = Report();
  std::ofstream(path) << ExpectedText(
      {{"target/a", "CMB-TGT-009", "ours: \"x\"", ""}, {"target/c", "CMB-TGT-001", "not run", ""}},
      report);
  const auto read = ReadExpected(path);
  ASSERT_EQ(read.index(), 0u);
  const auto& expected = std::get<0>(read);
  ASSERT_EQ(expected.size(), 2u);
  EXPECT_EQ(expected[0].requirement, "CMB-TGT-001");
  EXPECT_EQ(expected[0].reason, "ours: \"x\"");
  EXPECT_EQ(expected[1].case_id, "target/c");
}

TEST(ExpectedFailures, AMapIsNoList) {
  const std::string path = testing::TempDir() + "/map.yaml";
  std::ofstream(path) << "case: target/a\n";
  const auto read = ReadExpected(path);
  ASSERT_EQ(read.index(), 1u);
  EXPECT_EQ(std::get<1>(read)[0].find(path + ":1: no list"), 0u);
}

TEST(ExpectedFailures, AFileThatIsNoListOfThemIsRefusedByLine) {
  const std::string path = testing::TempDir() + "/broken.yaml";
  std::ofstream(path) << "- case: target/a\n  requirement: CMB-TGT-001\n- {case: target/b}\n";
  const auto read = ReadExpected(path);
  ASSERT_EQ(read.index(), 1u);
  EXPECT_EQ(std::get<1>(read).size(), 2u);
  EXPECT_EQ(std::get<1>(read)[1].find(path + ":3: "), 0u);
  for (const std::string& none : {std::string("/no/such/file"), testing::TempDir()}) {
    const auto unread = ReadExpected(none);
    ASSERT_EQ(unread.index(), 1u);
    EXPECT_NE(std::get<1>(unread)[0].find(none == "/no/such/file" ? "no such file" : "directory"),
              std::string::npos);
  }
}

TEST(RepeatedRun, AVerdictThatChangesIsSaidAndTheWorstKept) {
  RepeatedRun runs;
  runs.Add(Report());
  report::RunReport other = Report();
  other.cases[1] = Record("target/b", Verdict::kFail, "CMB-TGT-003");
  runs.Add(other);
  runs.Add(Report());
  const auto unsteady = runs.Unsteady();
  ASSERT_EQ(unsteady.size(), 1u);
  EXPECT_EQ(unsteady[0], "target/b is unsteady: fail, CMB-TGT-003 (once); pass (2 times)");
  EXPECT_EQ(runs.TakeReport().cases[1].result.verdict, Verdict::kFail);
}

}  // namespace
}  // namespace cmb::conformance::runner
