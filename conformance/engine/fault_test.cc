// Faults bend what well-behaved peers say, are counted, and prove nothing when
// they were not applied in full. The IUT is a small sender that re-sends every
// second until its message is executed.
#include <gtest/gtest.h>

#include <set>

#include "conformance/engine/fake_bench_testing.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;

class Faults : public ::testing::Test {
 protected:
  void SetUp() override {
    bench.on_send = [this](const control::v1::Send& send, const std::string& id) {
      auto message = MessageOf(id, send.target());
      message.set_ttl_ms(send.ttl_ms());
      bench.records[id].set_state(ack::v1::STATE_SEND_PENDING);
      SendAttempt(message, 1, 1 + send.policy().max_retries());
    };
    bench.on_frame = [this](const CognitiveMessage& frame) {
      if (frame.ack().ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK) {
        executed.insert(frame.ack().correlation_id());
        bench.records[frame.ack().correlation_id()].set_state(ack::v1::STATE_COMPLETED_SUCCESS);
      }
    };
  }

  void SendAttempt(CognitiveMessage message, std::uint32_t attempt, std::uint32_t most) {
    if (attempt > most || executed.count(message.message_id()) != 0) {
      return;
    }
    message.set_attempt(attempt);
    bench.Say(0, kRouterId, message);
    bench.At(ToMs(bench.now()) + 1'000, [=, this] { SendAttempt(message, attempt + 1, most); });
  }

  CaseResult Play(const std::string& rest, std::uint64_t seed = 1,
                  Transcript* transcript = nullptr) {
    return RunText(bench, Document("sender", rest), seed, transcript);
  }

  // Types of what reached the IUT, by letter: R, D, E.
  std::string Heard() const {
    std::string letters;
    for (const CognitiveMessage& frame : bench.heard) {
      letters += " RDEPT"[static_cast<int>(frame.ack().ack_type())];
    }
    return letters;
  }

  FakeBench bench;
  std::set<std::string> executed;
};

TEST_F(Faults, WithoutAnyThePeersAnswerEveryMessage) {
  const CaseResult result = Play("faults: none\noutcome: {m1: COMPLETED_SUCCESS}\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(Heard(), "RDE");
  EXPECT_EQ(bench.heard[0].source(), "@router");
  EXPECT_EQ(bench.heard[2].source(), "target");
}

TEST_F(Faults, ARepeatedMessageIsAnsweredAgainFromTheRecord) {
  Play("faults: [{drop: EXECUTION_ACK, attempt: 1}]\noutcome: {m1: COMPLETED_SUCCESS}\n");
  EXPECT_EQ(Heard(), "RDRDE");
  EXPECT_EQ(bench.heard.back().ack().attempt(), 2U);
}

TEST_F(Faults, ADropIsCounted) {
  const CaseResult result = Play(
      "faults: [{drop: EXECUTION_ACK, attempt: 1..3}]\n"
      "outcome: {m1: {state: COMPLETED_SUCCESS, attempts: 4}}\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_EQ(result.faults[0].applied, 3U);
  EXPECT_TRUE(result.faults[0].in_full);
}

TEST_F(Faults, OneThatSelectsNothingMakesThePassInconclusive) {
  const CaseResult result =
      Play("faults: [{drop: PROGRESS_ACK}]\noutcome: {m1: COMPLETED_SUCCESS}\n");
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_NE(result.reason.find("line 5: it selected no frame"), std::string::npos) << result.reason;
}

TEST_F(Faults, OneWhoseRangeNeverEndsMakesThePassInconclusive) {
  const CaseResult result = Play(
      "faults: [{drop: EXECUTION_ACK, attempt: 1..4}]\n"
      "policy: {max_retries: 2}\noutcome: {m1: SEND_PENDING}\n");
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_NE(result.reason.find("attempt 4 never came"), std::string::npos) << result.reason;
}

TEST_F(Faults, AFailBeatsAFaultThatWasNotApplied) {
  EXPECT_EQ(Play("faults: [{drop: PROGRESS_ACK}]\noutcome: {m1: TIMEOUT_ABORT}\n").verdict,
            Verdict::kFail);
}

TEST_F(Faults, NthCountsForEachMessageAndKind) {
  Play(
      "faults: [{drop: any, nth: 1, toward: sender}]\n"
      "outcome: {m1..m2: COMPLETED_SUCCESS}\n");
  EXPECT_EQ(Heard(), "RDERDE");
}

TEST_F(Faults, AMessageMayBeLostBeforeThePeers) {
  const CaseResult result = Play(
      "faults: [{drop: MESSAGE, nth: 1}]\n"
      "steps:\n  - send: m1\n  - {expect: MESSAGE, attempt: 1}\n"
      "outcome: {m1: {state: COMPLETED_SUCCESS, attempts: 2}}\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(Heard(), "RDE");
}

TEST_F(Faults, AReorderHoldsTheSecondUntilTheFirstHasPassed) {
  const CaseResult result = Play(
      "faults: [{reorder: [EXECUTION_ACK, DELIVERY_ACK]}]\n"
      "outcome: {m1: COMPLETED_SUCCESS}\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(Heard(), "RED");
}

TEST_F(Faults, AReorderWithoutItsFirstIsNotApplied) {
  const CaseResult result = Play(
      "faults: [{drop: EXECUTION_ACK}, "
      "{reorder: [EXECUTION_ACK, DELIVERY_ACK]}]\n"
      "outcome: {m1: SEND_PENDING}\n");
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
}

TEST_F(Faults, DuplicatesAreReplayed) {
  Play(
      "faults: [{duplicate: ROUTER_ACK, copies: 3, by: 700ms}]\n"
      "outcome: {m1: COMPLETED_SUCCESS}\n");
  EXPECT_EQ(Heard(), "RDERR");
}

TEST_F(Faults, CorruptFramesArriveBroken) {
  const CaseResult result = Play(
      "faults: [{corrupt: ROUTER_ACK, how: truncated_header}]\n"
      "outcome: {m1: COMPLETED_SUCCESS}\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(bench.undecodable, 1);
  EXPECT_EQ(Heard(), "DE");
}

TEST_F(Faults, ASlowReaderTakesOneAfterTheOther) {
  const CaseResult result = Play(
      "faults: [{slow: any, toward: sender, each: 200ms}]\n"
      "steps:\n  - send: m1\n  - advance: 399ms\n  - {check: m1, state: SEND_PENDING}\n"
      "  - advance: 1ms\n  - {check: m1, state: COMPLETED_SUCCESS}\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(Heard(), "RDE");
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_EQ(result.faults[0].applied, 2U);  // The first had not to wait.
}

TEST_F(Faults, WhoStopsReadingHasReadAllWhenItGoesOn) {
  const CaseResult result = Play(
      "faults: [{slow: any, toward: sender, during: 0s..2500ms}]\n"
      "steps:\n  - send: m1\n  - advance: 2499ms\n  - {check: m1, state: SEND_PENDING}\n"
      "  - advance: 1ms\n  - {check: m1, state: COMPLETED_SUCCESS, attempts: 3}\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(Heard(), "RDERDERDE");
}

TEST_F(Faults, ASlowReaderNobodyWaitedForIsNotApplied) {
  const CaseResult result =
      Play("faults: [{slow: MESSAGE, each: 200ms}]\noutcome: {m1: COMPLETED_SUCCESS}\n");
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_NE(result.reason.find("no frame had to wait"), std::string::npos) << result.reason;
}

TEST_F(Faults, TheFirstThatSelectsAFrameTakesIt) {
  const CaseResult result = Play(
      "faults: [{delay: ROUTER_ACK, by: 5s}, {drop: ROUTER_ACK}]\n"
      "outcome: {m1: COMPLETED_SUCCESS}\n");
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);  // The second selected nothing.
  EXPECT_EQ(Heard(), "DER");
}

TEST_F(Faults, DelaysAreDrawnFromTheSeed) {
  const std::string rest =
      "faults: [{delay: any, by: 0s..400ms}]\n"
      "outcome: {m1..m20: COMPLETED_SUCCESS}\n";
  const auto text = [&](std::uint64_t seed) {
    bench = FakeBench();
    executed.clear();
    SetUp();
    Transcript transcript;
    Play(rest, seed, &transcript);
    std::string lines;
    for (const Entry& entry : transcript.entries) {
      lines += EntryLine(entry) + "\n";
    }
    return lines;
  };
  const std::string first = text(7);
  EXPECT_NE(first.find("drew"), std::string::npos);
  EXPECT_EQ(first, text(7));
  EXPECT_NE(first, text(8));
}

}  // namespace
}  // namespace cmb::conformance::engine
