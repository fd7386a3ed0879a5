#include "conformance/runner/suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <stdexcept>

#include "conformance/runner/exit_code.h"
#include "conformance/runner/suite_testing.h"

namespace cmb::conformance::runner {
namespace {

// A transcript to which the oracle objects: an alert that no failure calls for.
Transcript Objectionable() {
  Transcript transcript;
  transcript.header.role = ack::v1::ROLE_SENDER;
  transcript.header.module_id = "sender";
  ack::v1::Event event;
  event.set_number(1);
  event.mutable_alert()->set_message_id("m-1");
  event.mutable_alert()->set_alert_id("m-1");
  event.mutable_alert()->set_state(ack::v1::ALERT_STATE_UPDATED);
  transcript.entries.push_back({0, 0, 1, StepMarker{4, "send: m1"}});
  transcript.entries.push_back({0, 0, 1, IutEvent{event}});
  return transcript;
}

class SuiteTest : public testing::Test {
 protected:
  SuiteTest() {
    settings_.make_bench = [this] { return std::make_unique<FakeBench>(starts_left_); };
    settings_.run_case = [this](Bench& bench, const scenario::Case& one, const control::v1::Pics&,
                                const RunOptions&, Transcript& transcript) {
      CaseResult result;
      result.case_id = one.id;
      result.verdict = verdict_;
      result.reason = reason_ ? reason_(one.id) : "";
      if (objectionable_) {
        transcript = Objectionable();
      }
      if (verdict_ != Verdict::kPass && verdict_ != Verdict::kFail) {
        result.stop = Stop{};
        result.stop->verdict = verdict_;
        result.stop->sentence = result.reason;
        result.stop->moment.entry = transcript.entries.size();
      }
      if (verdict_ == Verdict::kIutCrashed) {
        bench.Discard();
      }
      return result;
    };
  }

  void Cases(int count) {
    for (int i = 0; i < count; ++i) {
      scenario::Case one;
      one.id = "sender/case-" + std::to_string(i);
      one.document_id = one.id;
      one.role = ack::v1::ROLE_SENDER;
      cases_.push_back(one);
    }
  }

  report::RunReport Run() { return RunSuite(cases_, settings_, stop_); }

  std::vector<scenario::Case> cases_;
  SuiteSettings settings_;
  std::atomic<bool> stop_{false};
  std::atomic<int> starts_left_{1000};
  std::atomic<Verdict> verdict_{Verdict::kPass};
  bool objectionable_ = false;
  std::function<std::string(const std::string&)> reason_;
};

TEST_F(SuiteTest, EveryCaseIsRunOnceAndReportedInOrderWhateverTheJobs) {
  Cases(50);
  for (const unsigned jobs : {1U, 4U, 200U}) {
    settings_.jobs = jobs;
    const report::RunReport report = Run();
    ASSERT_EQ(report.cases.size(), 50U);
    for (std::size_t i = 0; i < report.cases.size(); ++i) {
      EXPECT_EQ(report.cases[i].result.case_id, cases_[i].id);
      EXPECT_TRUE(report.cases[i].was_run);
    }
    EXPECT_EQ(ExitCode(report), 0);
  }
}

TEST_F(SuiteTest, WhatTheOracleFindsMakesAPassAFailure) {
  Cases(1);
  objectionable_ = true;
  const report::RunReport report = Run();
  EXPECT_EQ(report.cases[0].result.verdict, Verdict::kFail);
  ASSERT_FALSE(report.cases[0].causes.empty());
  EXPECT_EQ(report.cases[0].causes[0].step, "rule one-alert-for-one-message of the oracle");
  EXPECT_EQ(report.cases[0].result.iut_stderr, "its last words");
  EXPECT_FALSE(report.cases[0].last_entries.empty());
  EXPECT_EQ(ExitCode(report), 1);
}

TEST_F(SuiteTest, TheOracleOutweighsACrashAndAnInconclusiveCase) {
  Cases(1);
  objectionable_ = true;
  for (const Verdict verdict : {Verdict::kIutCrashed, Verdict::kInconclusive, Verdict::kFail}) {
    verdict_ = verdict;
    EXPECT_EQ(Run().cases[0].result.verdict, Verdict::kFail);
  }
}

TEST_F(SuiteTest, TheOracleIsNotAskedWhereFramesMayBeMissing) {
  Cases(1);
  objectionable_ = true;
  for (const Verdict verdict : {Verdict::kHarnessError, Verdict::kUnsupported}) {
    verdict_ = verdict;
    EXPECT_EQ(Run().cases[0].result.verdict, verdict);
  }
}

TEST_F(SuiteTest, WhatHappenedWhileTheMachineStoodStillIsTriedAgain) {
  Cases(1);
  verdict_ = Verdict::kNoAnswer;
  std::atomic<int> asked{0};
  settings_.lost_time = [&] { return std::chrono::milliseconds(++asked > 1 ? 8'000 : 0); };
  int runs = 0;
  const auto run_case = settings_.run_case;
  settings_.run_case = [&](Bench& bench, const scenario::Case& one, const control::v1::Pics& pics,
                           const RunOptions& options, Transcript& transcript) {
    verdict_ = ++runs == 1 ? Verdict::kNoAnswer : Verdict::kPass;
    return run_case(bench, one, pics, options, transcript);
  };
  EXPECT_EQ(Run().cases[0].result.verdict, Verdict::kPass);
  EXPECT_EQ(runs, 2);
}

TEST_F(SuiteTest, WhatStandsStillTwiceIsInconclusiveAndNoCrash) {
  Cases(1);
  verdict_ = Verdict::kIutCrashed;
  std::atomic<int> asked{0};
  settings_.lost_time = [&] { return std::chrono::milliseconds(1'000 * ++asked); };
  const report::RunReport report = Run();
  EXPECT_EQ(report.cases[0].result.verdict, Verdict::kInconclusive);
  EXPECT_NE(report.cases[0].result.reason.find("stood still"), std::string::npos);
}

TEST_F(SuiteTest, AnIutThatCannotBeStartedStopsTheRunAtOnce) {
  Cases(20);
  starts_left_ = 0;
  const report::RunReport report = Run();
  EXPECT_EQ(report.stopped_because, "cannot start 'x'");
  EXPECT_EQ(report::CountOf(report.cases).not_run, 20U);
  EXPECT_EQ(ExitCode(report), 2);
}

TEST_F(SuiteTest, AnIutThatDiesIsStartedAgainForTheNextCase) {
  Cases(5);
  verdict_ = Verdict::kIutCrashed;
  const report::RunReport report = Run();
  EXPECT_EQ(report::CountOf(report.cases).iut_crashed, 5U);
  EXPECT_EQ(ExitCode(report), 1);
}

TEST_F(SuiteTest, AfterVainStartsTheRestIsLeft) {
  Cases(20);
  starts_left_ = 2;
  verdict_ = Verdict::kIutCrashed;
  const report::Counts counts = report::CountOf(Run().cases);
  EXPECT_EQ(counts.iut_crashed, 2U);
  EXPECT_EQ(counts.harness_error, static_cast<std::uint64_t>(kVainStarts));
  EXPECT_EQ(counts.not_run, 20U - 2U - kVainStarts);
}

TEST_F(SuiteTest, WhoAsksToFailFastHasNoCaseBehindTheFirstThatFails) {
  Cases(20);
  verdict_ = Verdict::kFail;
  settings_.fail_fast = true;
  const report::RunReport report = Run();
  EXPECT_EQ(report::CountOf(report.cases).fail, 1U);
  EXPECT_EQ(report::CountOf(report.cases).not_run, 19U);
  EXPECT_NE(report.stopped_because.find("--fail-fast"), std::string::npos);
  EXPECT_EQ(ExitCode(report), 1);
}

TEST_F(SuiteTest, AnInterruptKeepsWhatIsDone) {
  Cases(20);
  std::atomic<int> done{0};
  settings_.case_done = [&](const report::CaseRecord&) { stop_ = ++done == 3; };
  const report::RunReport report = Run();
  EXPECT_TRUE(report.interrupted);
  EXPECT_EQ(report::CountOf(report.cases).pass, 3U);
  EXPECT_EQ(report::CountOf(report.cases).not_run, 17U);
  EXPECT_EQ(ExitCode(report), 130);
}

TEST_F(SuiteTest, AnInterruptedCaseIsNotHeldAgainstTheIut) {
  Cases(2);
  verdict_ = Verdict::kIutCrashed;
  const auto run_case = settings_.run_case;
  settings_.run_case = [&](Bench& bench, const scenario::Case& one, const control::v1::Pics& pics,
                           const RunOptions& options, Transcript& transcript) {
    stop_ = true;
    return run_case(bench, one, pics, options, transcript);
  };
  const report::Counts counts = report::CountOf(Run().cases);
  EXPECT_EQ(counts.iut_crashed, 0U);
  EXPECT_EQ(counts.not_run, 2U);
}

TEST_F(SuiteTest, ARoleWhoseCasesAllEndInTheSameHarnessErrorIsGivenUp) {
  Cases(20);
  verdict_ = Verdict::kHarnessError;
  reason_ = [](const std::string&) { return "no PONG by main"; };
  const report::RunReport report = Run();
  EXPECT_EQ(report::CountOf(report.cases).harness_error, 5U);
  EXPECT_EQ(report::CountOf(report.cases).not_run, 15U);
  EXPECT_EQ(report.cases[19].result.verdict, Verdict::kHarnessError);
  EXPECT_NE(report.stopped_because.find("sender"), std::string::npos) << report.stopped_because;
  EXPECT_NE(report.stopped_because.find("no PONG by main"), std::string::npos);
  EXPECT_EQ(ExitCode(report), 2);
}

TEST_F(SuiteTest, NothingIsGivenUpWhereNoCaseIsLeft) {
  Cases(5);
  verdict_ = Verdict::kHarnessError;
  EXPECT_EQ(Run().stopped_because, "");
}

TEST_F(SuiteTest, DifferentHarnessErrorsAreEachTried) {
  Cases(20);
  verdict_ = Verdict::kHarnessError;
  reason_ = [](const std::string& id) { return "in " + id; };
  EXPECT_EQ(report::CountOf(Run().cases).harness_error, 20U);
}

TEST_F(SuiteTest, WhatIsThrownEndsTheRunAndNamesTheCase) {
  Cases(20);
  const auto run_case = settings_.run_case;
  settings_.run_case = [&](Bench& bench, const scenario::Case& one, const control::v1::Pics& pics,
                           const RunOptions& options, Transcript& transcript) {
    if (one.id == "sender/case-3") {
      throw std::runtime_error("no such key");
    }
    return run_case(bench, one, pics, options, transcript);
  };
  for (const unsigned jobs : {1U, 4U}) {
    settings_.jobs = jobs;
    const report::RunReport report = Run();
    EXPECT_EQ(report.cases[3].result.verdict, Verdict::kHarnessError);
    EXPECT_EQ(report.stopped_because,
              "the suite itself failed: no such key, in case sender/case-3");
    EXPECT_EQ(ExitCode(report), 2);
  }
}

TEST_F(SuiteTest, AWorkerWithoutABenchEndsTheRun) {
  Cases(20);
  settings_.jobs = 2;
  std::atomic<int> made{0};
  settings_.make_bench = [&]() -> std::unique_ptr<Bench> {
    return ++made == 2 ? throw std::runtime_error("too many files")
                       : std::make_unique<FakeBench>(starts_left_);
  };
  EXPECT_EQ(Run().stopped_because, "the suite itself failed: too many files");
}

TEST_F(SuiteTest, EachTranscriptIsKept) {
  Cases(6);
  objectionable_ = true;
  settings_.jobs = 3;
  std::mutex mutex;
  std::set<std::string> kept;
  settings_.keep_transcript = [&](const report::CaseRecord& record, const Transcript&) {
    const std::lock_guard<std::mutex> lock(mutex);
    kept.insert(record.result.case_id);
  };
  Run();
  EXPECT_EQ(kept.size(), 6U);
}

}  // namespace
}  // namespace cmb::conformance::runner
