// Facts that `check` judges, where cases begin, and how a case ends.
#include <gtest/gtest.h>

#include "conformance/engine/fake_bench_testing.h"
#include "conformance/engine/run_case.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;

// A sender that moves with every ACK, by type alone.
void MoveWithAcks(FakeBench& bench) {
  bench.on_send = [&bench](const control::v1::Send& send, const std::string& id) {
    bench.Say(0, kRouterId, MessageOf(id, send.target()), send.payload());
    bench.TellTransition(id, ack::v1::STATE_IDLE, ack::v1::STATE_SEND_PENDING,
                         ack::v1::REASON_SEND);
  };
  bench.on_frame = [&bench](const CognitiveMessage& frame) {
    const std::string& id = frame.ack().correlation_id();
    const auto old_state = bench.records[id].state();
    const auto to = frame.ack().ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK
                        ? ack::v1::STATE_ROUTED
                        : ack::v1::STATE_DELIVERED;
    bench.TellTransition(id, old_state, to, ack::v1::REASON_ROUTER_ACK);
  };
}

Verdict Check(const std::string& fields) {
  FakeBench bench;
  MoveWithAcks(bench);
  control::v1::Timer timer;
  timer.set_kind(ack::v1::TIMER_KIND_DELIVERY_ACK);
  timer.set_deadline_ms(10'000);
  bench.timer_list = {timer};
  bench.on_send = [&bench, send = bench.on_send](const control::v1::Send& what,
                                                 const std::string& id) {
    send(what, id);
    bench.timer_list[0].set_message_id(id);
    bench.TellAnomaly(ack::v1::ANOMALY_KIND_CONFLICT, id);
  };
  return RunText(bench, Document("sender",
                                 "given: {m1: ROUTED}\nsteps:\n  - {check: m1, " + fields + "}\n"))
      .verdict;
}

TEST(CheckMessage, JudgesEachFactBothWays) {
  EXPECT_EQ(Check("state: ROUTED"), Verdict::kPass);
  EXPECT_EQ(Check("state: DELIVERED"), Verdict::kFail);
  EXPECT_EQ(Check("attempts: 1"), Verdict::kPass);
  EXPECT_EQ(Check("attempts: 2"), Verdict::kFail);
  EXPECT_EQ(Check("alerts: 0"), Verdict::kPass);
  EXPECT_EQ(Check("alerts: 1"), Verdict::kFail);
  EXPECT_EQ(Check("anomalies: {CONFLICT: 1}"), Verdict::kPass);
  EXPECT_EQ(Check("anomalies: {CONFLICT: 0}"), Verdict::kFail);
  EXPECT_EQ(Check("timers: {delivery_ack: 10s}"), Verdict::kPass);
  EXPECT_EQ(Check("timers: {delivery_ack: 9999ms}"), Verdict::kFail);
  EXPECT_EQ(Check("timers: {router_ack: 10s}"), Verdict::kFail);
  EXPECT_EQ(Check("timers: none"), Verdict::kFail);
  EXPECT_EQ(Check("dead_letter: false"), Verdict::kPass);
  EXPECT_EQ(Check("dead_letter: true"), Verdict::kFail);
  EXPECT_EQ(Check("fields: {state: ROUTED}"), Verdict::kPass);
  EXPECT_EQ(Check("fields: {state: DELIVERED}"), Verdict::kFail);
}

TEST(CheckRole, JudgesTheNextDeadline) {
  const auto run = [](const std::string& wanted) {
    FakeBench bench;
    control::v1::Timer timer;
    timer.set_kind(ack::v1::TIMER_KIND_HANDLER);
    timer.set_deadline_ms(2'000);
    bench.timer_list = {timer};
    return RunText(bench, Document("target",
                                   "steps:\n  - {check: target, next_deadline: " + wanted + "}\n"))
        .verdict;
  };
  EXPECT_EQ(run("2s"), Verdict::kPass);
  EXPECT_EQ(run("3s"), Verdict::kFail);
  EXPECT_EQ(run("none"), Verdict::kFail);
}

TEST(Given, WhatItBroughtIsInNoWindow) {
  FakeBench bench;
  MoveWithAcks(bench);
  EXPECT_EQ(RunText(bench, Document("sender",
                                    "given: {m1: DELIVERED}\n"
                                    "steps:\n  - expect: nothing\n"))
                .verdict,
            Verdict::kPass);
}

TEST(Given, AStateThatIsNotReachedIsABreachOfTheSentenceThatMovesTheRecord) {
  FakeBench bench;
  MoveWithAcks(bench);
  const CaseResult result =
      RunText(bench, Document("sender", "given: {m1: EXECUTING}\nsteps:\n  - expect: nothing\n"));
  EXPECT_EQ(result.verdict, Verdict::kFail);
  ASSERT_EQ(result.misses.size(), 1U);
  EXPECT_EQ(result.misses[0].requirement, "CMB-PRG-001");
  EXPECT_EQ(result.misses[0].want,
            "m1 becomes EXECUTING when EXECUTION_ACK/IN_PROGRESS was handed over");
  EXPECT_EQ(result.misses[0].got, "m1 is DELIVERED");
  EXPECT_EQ(result.misses[0].step, "given: {m1: EXECUTING}");
  EXPECT_EQ(result.steps_run, 0U);
}

std::string BlameOf(const std::string& steps) {
  FakeBench bench;
  MoveWithAcks(bench);
  const CaseResult result = RunText(bench, Document("sender", "steps:\n  - send: m1\n" + steps));
  return result.misses.empty() ? "nobody" : result.misses.at(0).requirement;
}

TEST(Blame, IsTheRowsWhereWhatItAsksForDoesNotCome) {
  EXPECT_EQ(BlameOf("  - ack: PROGRESS_ACK\n"
                    "  - expect: DELIVERED -> EXECUTING (PROGRESS_ACK)\n"),
            "CMB-PRG-002");
  EXPECT_EQ(BlameOf("  - {expect: MESSAGE, attempt: 1}\n"
                    "  - {expect: MESSAGE, attempt: 2, in: 2s}\n"),
            "CMB-RTY-005");
  EXPECT_EQ(BlameOf("  - {check: m1, state: COMPLETED_SUCCESS}\n"), "CMB-SND-008");
}

TEST(Blame, IsTheScenariosAfterOddActsAndWhereAnythingElseDiffers) {
  EXPECT_EQ(BlameOf("  - {ack: PROGRESS_ACK, set: {schema_version: 2}}\n"
                    "  - expect: DELIVERED -> EXECUTING (PROGRESS_ACK)\n"),
            "CMB-TST-001");
  EXPECT_EQ(BlameOf("  - {expect: MESSAGE, attempt: 2}\n"), "CMB-TST-001");
  EXPECT_EQ(BlameOf("  - {check: m1, state: IDLE}\n"), "CMB-TST-001");
}

TEST(Blame, IsTheStepsOwnWhereItSaysSo) {
  EXPECT_EQ(BlameOf("  - ack: PROGRESS_ACK\n"
                    "  - {expect: DELIVERED -> EXECUTING (PROGRESS_ACK), req: CMB-TST-002}\n"),
            "CMB-TST-002");
}

TEST(Blame, IsTheEventsWhereTheRecordMovedWithoutOne) {
  FakeBench bench;
  MoveWithAcks(bench);
  bench.on_frame = [&bench](const CognitiveMessage& frame) {
    bench.records[frame.ack().correlation_id()].set_state(ack::v1::STATE_ROUTED);
  };
  const CaseResult result =
      RunText(bench, Document("sender",
                              "steps:\n  - send: m1\n  - expect: IDLE -> SEND_PENDING\n"
                              "  - ack: ROUTER_ACK/SUCCESS\n"
                              "  - expect: SEND_PENDING -> ROUTED (ROUTER_ACK)\n"));
  ASSERT_EQ(result.misses.size(), 1U);
  EXPECT_EQ(result.misses[0].requirement, "CMB-OBS-001");
}

TEST(Verdicts, AnUndeclaredProfileIsUnsupported) {
  FakeBench bench;
  const CaseResult result = RunText(
      bench, Document("sender", "profile: TRACKED\nsteps:\n  - send: m1\n  - expect: nothing\n"));
  EXPECT_EQ(result.verdict, Verdict::kUnsupported);
  EXPECT_TRUE(bench.advances.empty());
}

TEST(Verdicts, ACrashIsACrashAndEndsTheProcess) {
  FakeBench bench;
  Trouble trouble;
  trouble.kind = TroubleKind::kIutCrashed;
  trouble.sentence = "it ended with signal 11";
  trouble.iut_stderr = "segmentation fault";
  bench.crash_at_advance = trouble;
  const CaseResult result =
      RunText(bench, Document("target", "steps:\n  - send: m1\n  - expect: RECEIPT\n"));
  EXPECT_EQ(result.verdict, Verdict::kIutCrashed);
  EXPECT_EQ(result.iut_stderr, "segmentation fault");
  EXPECT_TRUE(result.process_spoiled);
  EXPECT_EQ(bench.discards, 1);
  EXPECT_EQ(bench.closings, 0);
}

TEST(Verdicts, SilenceIsNoCrash) {
  FakeBench bench;
  Trouble trouble;
  trouble.kind = TroubleKind::kUnresponsive;
  trouble.sentence = "the IUT did not answer Advance within 5000 ms";
  bench.crash_at_advance = trouble;
  const CaseResult result =
      RunText(bench, Document("target", "steps:\n  - send: m1\n  - expect: RECEIPT\n"));
  EXPECT_EQ(result.verdict, Verdict::kNoAnswer);
  EXPECT_TRUE(result.misses.empty());
}

TEST(Verdicts, ABreachThatShowsOnTheBenchIsTheImplementations) {
  FakeBench bench;
  Trouble trouble;
  trouble.kind = TroubleKind::kHarnessError;
  trouble.sentence = "an event has number 2 instead of 1";
  trouble.requirement = "CMB-OBS-011";
  bench.crash_at_advance = trouble;
  const CaseResult result =
      RunText(bench, Document("target", "steps:\n  - send: m1\n  - expect: RECEIPT\n"));
  EXPECT_EQ(result.verdict, Verdict::kFail);
  ASSERT_EQ(result.misses.size(), 1U);
  EXPECT_EQ(result.misses[0].requirement, "CMB-OBS-011");
}

// At its closing check a frame turns up that was not counted.
class UncountingBench : public FakeBench {
 public:
  Result<Done> EndCase() override {
    Trouble trouble;
    trouble.sentence = "RECEIPT came by ack_ingress, uncounted";
    trouble.requirement = "CMB-CTL-018";
    return trouble;
  }
};

TEST(Verdicts, WhatTheClosingCheckFindsStandsBesideAMiss) {
  UncountingBench bench;
  const CaseResult result =
      RunText(bench, Document("target", "steps:\n  - send: m1\n  - expect: RECEIPT\n"));
  EXPECT_EQ(result.verdict, Verdict::kFail);
  ASSERT_EQ(result.misses.size(), 1U);
  ASSERT_TRUE(result.stop);
  EXPECT_NE(result.stop->sentence.find("RECEIPT came by ack_ingress, uncounted (CMB-CTL-018)"),
            std::string::npos)
      << result.stop->sentence;
  EXPECT_TRUE(result.stop->explains_misses);
  EXPECT_TRUE(result.process_spoiled);
}

TEST(Verdicts, WhatWasNotExpectedIsListed) {
  FakeBench bench;
  bench.on_frame = [&](const CognitiveMessage& message) {
    bench.SayAck(ack::v1::ACK_TYPE_RECEIPT, ack::v1::STATUS_SUCCESS, message);
    bench.SayAck(ack::v1::ACK_TYPE_EXECUTION_ACK, ack::v1::STATUS_SUCCESS, message);
  };
  const CaseResult result =
      RunText(bench, Document("target", "steps:\n  - send: m1\n  - expect: RECEIPT\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(result.unconsumed,
            std::vector<std::string>{"at 0ms: EXECUTION_ACK/SUCCESS of m1, attempt 1 (to router on "
                                     "ack_ingress)"});
}

TEST(Verdicts, IdsDependOnTheCaseAlone) {
  EXPECT_EQ(IdPrefix("a/b"), IdPrefix("a/b"));
  EXPECT_NE(IdPrefix("a/b"), IdPrefix("a/b@x=1"));
}

}  // namespace
}  // namespace cmb::conformance::engine
