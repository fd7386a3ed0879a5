#include "conformance/runner/exit_code.h"

#include <gtest/gtest.h>

namespace cmb::conformance::runner {
namespace {

int CodeOf(std::initializer_list<Verdict> verdicts) {
  report::RunReport report;
  for (const Verdict verdict : verdicts) {
    report::CaseRecord record;
    record.result.verdict = verdict;
    record.was_run = true;
    report.cases.push_back(record);
  }
  return ExitCode(report);
}

TEST(ExitCode, UnsupportedIsNeutral) {
  EXPECT_EQ(CodeOf({Verdict::kPass}), 0);
  EXPECT_EQ(CodeOf({Verdict::kPass, Verdict::kUnsupported}), 0);
}

TEST(ExitCode, AFailureOrACrashIsOneWhateverElse) {
  EXPECT_EQ(CodeOf({Verdict::kPass, Verdict::kFail}), 1);
  EXPECT_EQ(CodeOf({Verdict::kPass, Verdict::kIutCrashed}), 1);
  EXPECT_EQ(CodeOf({Verdict::kInconclusive, Verdict::kHarnessError, Verdict::kFail}), 1);
}

TEST(ExitCode, WhatCouldNotBeJudgedIsTwo) {
  EXPECT_EQ(CodeOf({Verdict::kPass, Verdict::kInconclusive}), 2);
  EXPECT_EQ(CodeOf({Verdict::kPass, Verdict::kHarnessError}), 2);
}

TEST(ExitCode, ZeroObservedIsNeverGreen) {
  EXPECT_EQ(CodeOf({}), 2);
  EXPECT_EQ(CodeOf({Verdict::kUnsupported}), 2);
}

TEST(ExitCode, CasesThatWereNotRunAreTwo) {
  report::RunReport report;
  report.cases.resize(2);
  report.cases[0].result.verdict = Verdict::kPass;
  report.cases[0].was_run = true;
  EXPECT_EQ(ExitCode(report), 2);
}

TEST(ExitCode, AStoppedRunIsTwo) {
  report::RunReport report;
  report.cases.resize(1);
  report.cases[0].result.verdict = Verdict::kPass;
  report.cases[0].was_run = true;
  report.stopped_because = "it cannot be started";
  EXPECT_EQ(ExitCode(report), 2);
}

TEST(ExitCode, AnInterruptOutweighsAll) {
  report::RunReport report;
  report.interrupted = true;
  EXPECT_EQ(ExitCode(report), 130);
}

}  // namespace
}  // namespace cmb::conformance::runner
