// Each kind of observation holds where it should, and fails where it should.
// The IUT is a target: what it says to a MESSAGE is written in each test.
#include <gtest/gtest.h>

#include "conformance/engine/fake_bench_testing.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;

constexpr auto kReceipt = ack::v1::ACK_TYPE_RECEIPT;
constexpr auto kExecution = ack::v1::ACK_TYPE_EXECUTION_ACK;
constexpr auto kSuccess = ack::v1::STATUS_SUCCESS;
constexpr auto kFailure = ack::v1::STATUS_FAILURE;

// Says RECEIPT and then a terminal of this status to every MESSAGE.
void Answer(FakeBench& bench, ack::v1::Status status = kSuccess) {
  bench.on_frame = [&bench, status](const CognitiveMessage& message) {
    bench.SayAck(kReceipt, kSuccess, message);
    bench.SayAck(
        kExecution, status, message,
        status == kSuccess ? ack::v1::ERROR_CODE_UNSPECIFIED : ack::v1::ERROR_CODE_INTERNAL_ERROR);
  };
}

CaseResult Play(FakeBench& bench, const std::string& steps) {
  return RunText(bench, Document("target", "steps:\n" + steps));
}

TEST(Expect, TakesWhatIsThere) {
  FakeBench bench;
  Answer(bench);
  const CaseResult result = Play(bench,
                                 "  - send: m1\n  - expect: RECEIPT\n"
                                 "  - expect: EXECUTION_ACK/SUCCESS\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_TRUE(result.unconsumed.empty());
  EXPECT_EQ(bench.closings, 1);
}

TEST(Expect, FailsWhenNothingCame) {
  FakeBench bench;
  const CaseResult result = Play(bench, "  - send: m1\n  - expect: RECEIPT\n");
  EXPECT_EQ(result.verdict, Verdict::kFail);
  ASSERT_EQ(result.misses.size(), 1U);
  EXPECT_EQ(result.misses[0].requirement, "CMB-TGT-001");
  EXPECT_EQ(result.misses[0].place.line, 7);
  EXPECT_EQ(result.misses[0].want, "RECEIPT of m1");
}

TEST(Expect, BlamesTheRequirementOfTheStep) {
  FakeBench bench;
  const CaseResult result =
      RunText(bench,
              "id: target/x\ntitle: T\nrole: target\nrequirements: [CMB-TST-001, CMB-TST-002]\n"
              "steps:\n  - send: m1\n  - {expect: RECEIPT, req: CMB-TST-002}\n");
  ASSERT_EQ(result.misses.size(), 1U);
  EXPECT_EQ(result.misses[0].requirement, "CMB-TST-002");
}

TEST(Expect, NeverSkipsAWrongAnswerToFindARightOne) {
  FakeBench bench;
  bench.on_frame = [&](const CognitiveMessage& message) {
    bench.SayAck(kExecution, kFailure, message, ack::v1::ERROR_CODE_INTERNAL_ERROR);
    bench.SayAck(kExecution, kSuccess, message);
  };
  const CaseResult result = Play(bench, "  - send: m1\n  - expect: EXECUTION_ACK/SUCCESS\n");
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_NE(result.misses.at(0).got.find("EXECUTION_ACK/FAILURE INTERNAL_ERROR"),
            std::string::npos);
}

TEST(Expect, DoesNotTakeInProgressForATerminal) {
  FakeBench bench;
  bench.on_frame = [&](const CognitiveMessage& message) {
    bench.SayAck(kExecution, ack::v1::STATUS_IN_PROGRESS, message);
    bench.SayAck(kExecution, kSuccess, message);
  };
  EXPECT_EQ(Play(bench, "  - send: m1\n  - expect: EXECUTION_ACK/SUCCESS\n").verdict,
            Verdict::kPass);
}

TEST(Expect, ConsumesWhatItTakes) {
  FakeBench bench;
  Answer(bench);
  EXPECT_EQ(Play(bench, "  - send: m1\n  - expect: RECEIPT\n  - expect: RECEIPT\n").verdict,
            Verdict::kFail);
}

TEST(Expect, JudgesFieldsAttemptAndText) {
  const std::string steps =
      "  - send: m1\n  - {expect: RECEIPT, attempt: 1, "
      "fields: {ack.correlation_id: $m1.message_id, ack.percent: absent}}\n";
  FakeBench good;
  Answer(good);
  EXPECT_EQ(Play(good, steps).verdict, Verdict::kPass);
  FakeBench bad;
  bad.on_frame = [&](CognitiveMessage message) {
    message.set_attempt(2);
    bad.SayAck(kReceipt, kSuccess, message);
  };
  const CaseResult result = Play(bad, steps);
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_NE(result.misses.at(0).got.find("attempt: want 1, got 2"), std::string::npos);
}

TEST(Expect, AFamilyIsOneForEachInAnyOrder) {
  FakeBench bench;
  std::vector<CognitiveMessage> held;
  bench.on_frame = [&](const CognitiveMessage& message) {
    held.push_back(message);
    if (held.size() == 3) {
      for (const int i : {2, 0, 1}) {
        bench.SayAck(kReceipt, kSuccess, held[static_cast<std::size_t>(i)]);
      }
    }
  };
  EXPECT_EQ(Play(bench, "  - send: m1..m3\n  - {expect: RECEIPT, of: m1..m3}\n").verdict,
            Verdict::kPass);
}

TEST(Expect, AFamilyFailsWhenOneIsMissing) {
  FakeBench bench;
  int count = 0;
  bench.on_frame = [&](const CognitiveMessage& message) {
    if (++count != 2) {
      bench.SayAck(kReceipt, kSuccess, message);
    }
  };
  const CaseResult result = Play(bench, "  - send: m1..m3\n  - {expect: RECEIPT, of: m1..m3}\n");
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_EQ(result.misses.at(0).want, "RECEIPT of m2");
}

TEST(Expect, AnActAfterAnObservationOpensANewWindow) {
  FakeBench bench;
  Answer(bench);
  // The terminal came before the second act: it is in no window any more.
  EXPECT_EQ(Play(bench,
                 "  - send: m1\n  - {expect: RECEIPT, of: m1}\n  - send: m2\n"
                 "  - {expect: EXECUTION_ACK/SUCCESS, of: m1}\n")
                .verdict,
            Verdict::kFail);
}

TEST(Expect, FurtherActsWidenTheWindow) {
  FakeBench bench;
  Answer(bench);
  EXPECT_EQ(Play(bench,
                 "  - send: m1\n  - send: m2\n  - advance: 5s\n"
                 "  - {expect: EXECUTION_ACK/SUCCESS, of: m1}\n")
                .verdict,
            Verdict::kPass);
}

TEST(SameAs, HoldsButForWhatIsExcepted) {
  const std::string steps =
      "  - send: m1\n  - {expect: RECEIPT, as: r}\n  - resend: m1\n"
      "  - {expect: RECEIPT, same_as: r, except: [attempt]}\n";
  FakeBench bench;
  Answer(bench);
  EXPECT_EQ(Play(bench, steps).verdict, Verdict::kPass);
  FakeBench strict;
  Answer(strict);
  const CaseResult result = Play(strict,
                                 "  - send: m1\n  - {expect: RECEIPT, as: r}\n"
                                 "  - resend: m1\n  - {expect: RECEIPT, same_as: r}\n");
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_NE(result.misses.at(0).got.find("ack.attempt"), std::string::npos);
}

TEST(Nothing, IsDisturbedByAFrame) {
  FakeBench bench;
  Answer(bench);
  EXPECT_EQ(Play(bench, "  - send: m1\n  - expect: RECEIPT\n  - expect: nothing\n").verdict,
            Verdict::kFail);
}

TEST(Nothing, IsNotDisturbedByAnomalies) {
  FakeBench bench;
  bench.on_frame = [&](const CognitiveMessage&) {
    bench.TellAnomaly(ack::v1::ANOMALY_KIND_MALFORMED);
  };
  EXPECT_EQ(Play(bench, "  - send: m1\n  - expect: nothing\n").verdict, Verdict::kPass);
}

TEST(Nothing, ForATimeIncludesItsLastInstant) {
  const auto run = [](std::uint64_t at_ms) {
    FakeBench bench;
    bench.on_frame = [&bench, at_ms](const CognitiveMessage& message) {
      bench.At(at_ms, [&bench, message] { bench.SayAck(kReceipt, kSuccess, message); });
    };
    return Play(bench, "  - send: m1\n  - {expect: nothing, for: 5s}\n").verdict;
  };
  EXPECT_EQ(run(5'000), Verdict::kFail);
  EXPECT_EQ(run(5'001), Verdict::kPass);
}

TEST(Never, BitesWhateverComesLater) {
  FakeBench bench;
  bench.on_frame = [&](const CognitiveMessage& message) {
    bench.At(9'000, [&bench, message] { bench.SayAck(kReceipt, kSuccess, message); });
  };
  const CaseResult result =
      Play(bench, "  - send: m1\n  - never: RECEIPT\n  - advance: 20s\n  - expect: nothing\n");
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_EQ(result.misses.at(0).place.line, 7);  // Of the never, not of what came after.
  EXPECT_NE(result.misses.at(0).got.find("at 9s"), std::string::npos);
}

TEST(Never, LooksOnlyFromHereOn) {
  FakeBench bench;
  Answer(bench);
  EXPECT_EQ(Play(bench, "  - send: m1\n  - {never: RECEIPT, for: 20s}\n").verdict, Verdict::kPass);
}

TEST(Never, ForbidsOnlyWhatAgreesWithAllThatIsWritten) {
  const auto run = [](const std::string& never) {
    FakeBench bench;
    bench.on_frame = [&bench](const CognitiveMessage& message) {
      bench.At(1'000, [&bench, message] { bench.SayAck(kReceipt, kSuccess, message); });
    };
    return Play(bench, "  - send: m1\n  - {never: " + never + ", for: 2s}\n").verdict;
  };
  EXPECT_EQ(run("RECEIPT, attempt: 2"), Verdict::kPass);
  EXPECT_EQ(run("RECEIPT, attempt: 1"), Verdict::kFail);
  EXPECT_EQ(run("any"), Verdict::kFail);
}

TEST(InOrder, SeesTheOrder) {
  const auto run = [](bool reversed) {
    FakeBench bench;
    bench.on_frame = [&bench, reversed](const CognitiveMessage& message) {
      bench.SayAck(reversed ? kExecution : kReceipt, kSuccess, message);
      bench.SayAck(reversed ? kReceipt : kExecution, kSuccess, message);
    };
    return Play(bench,
                "  - send: m1\n  - in_order: [{expect: RECEIPT}, "
                "{expect: EXECUTION_ACK/SUCCESS}]\n")
        .verdict;
  };
  EXPECT_EQ(run(false), Verdict::kPass);
  EXPECT_EQ(run(true), Verdict::kFail);
}

constexpr char kChoice[] =
    "  - send: m1\n"
    "  - one_of: CHO-001\n"
    "    branches:\n"
    "      fails: [{expect: RECEIPT}, {expect: EXECUTION_ACK/FAILURE INTERNAL_ERROR}]\n"
    "      succeeds: [{expect: RECEIPT}, {expect: EXECUTION_ACK/SUCCESS}, {expect: nothing}]\n";

TEST(OneOf, ReportsTheBranchThatHolds) {
  FakeBench bench;
  Answer(bench);
  const CaseResult result = Play(bench, kChoice);
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  ASSERT_EQ(result.choices.size(), 1U);
  EXPECT_EQ(result.choices[0].choice, "CHO-001");
  EXPECT_EQ(result.choices[0].label, "succeeds");
}

TEST(OneOf, FailsWhenNoBranchHolds) {
  FakeBench bench;
  bench.on_frame = [&](const CognitiveMessage& message) {
    bench.SayAck(kReceipt, kSuccess, message);
  };
  const CaseResult result = Play(bench, kChoice);
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_TRUE(result.choices.empty());
  EXPECT_NE(result.misses.at(0).want.find("succeeds: "), std::string::npos);
}

TEST(Levels, AMissedShouldIsAdviceAndAMayIsNoted) {
  FakeBench bench;
  const CaseResult result =
      RunText(bench,
              "id: target/x\ntitle: T\nrole: target\nrequirements: [CMB-TST-001, CMB-TST-003, "
              "CMB-TST-004]\nsteps:\n  - send: m1\n"
              "  - {expect: RECEIPT, level: SHOULD, req: CMB-TST-003}\n"
              "  - {expect: RECEIPT, level: MAY, req: CMB-TST-004}\n  - expect: nothing\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  ASSERT_EQ(result.advice.size(), 1U);
  EXPECT_EQ(result.advice[0].requirement, "CMB-TST-003");
  ASSERT_EQ(result.may.size(), 1U);
  EXPECT_FALSE(result.may[0].seen);
}

}  // namespace
}  // namespace cmb::conformance::engine
