// How the clock moves: never over a deadline, frames before timers, both orders
// of a race, and what `in:` claims. The fake bench refuses an Advance that
// steps over a deadline, so every case here shows that the engine never does.
#include <gtest/gtest.h>

#include "conformance/engine/fake_bench_testing.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;

CaseResult Play(FakeBench& bench, const std::string& steps) {
  return RunText(bench, Document("target", "steps:\n" + steps));
}

// Answers each MESSAGE with a RECEIPT, `delay_ms` after the first.
void AnswerAt(FakeBench& bench, std::uint64_t at_ms) {
  bench.on_frame = [&bench, at_ms](const CognitiveMessage& message) {
    bench.At(at_ms, [&bench, message] {
      bench.SayAck(ack::v1::ACK_TYPE_RECEIPT, ack::v1::STATUS_SUCCESS, message);
    });
  };
}

Verdict SeenIn(std::uint64_t at_ms, const std::string& in) {
  FakeBench bench;
  AnswerAt(bench, at_ms);
  return Play(bench, "  - send: m1\n  - {expect: RECEIPT, in: " + in + "}\n").verdict;
}

TEST(In, MustBeSeenAtExactlyThatInstant) {
  EXPECT_EQ(SeenIn(5'000, "5s"), Verdict::kPass);
  EXPECT_EQ(SeenIn(4'999, "5s"), Verdict::kFail);
  EXPECT_EQ(SeenIn(5'001, "5s"), Verdict::kFail);
}

TEST(In, ARangeIncludesBothEnds) {
  EXPECT_EQ(SeenIn(2'000, "2s..4s"), Verdict::kPass);
  EXPECT_EQ(SeenIn(4'000, "2s..4s"), Verdict::kPass);
  EXPECT_EQ(SeenIn(1'999, "2s..4s"), Verdict::kFail);
  EXPECT_EQ(SeenIn(4'001, "2s..4s"), Verdict::kFail);
}

TEST(In, CountsFromThePresentInstantOn) {
  FakeBench bench;
  AnswerAt(bench, 3'000);
  // What this instant already brought must have been expected before: the
  // RECEIPT of 3 s is found first, and it is not at 3 s + 2 s.
  const CaseResult result =
      Play(bench, "  - send: m1\n  - advance: 3s\n  - {expect: RECEIPT, in: 2s}\n");
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_NE(result.misses.at(0).got.find("at 3s"), std::string::npos);
}

TEST(In, StaysWhereItWasSeen) {
  FakeBench bench;
  AnswerAt(bench, 3'000);
  const CaseResult result = Play(bench, "  - send: m1\n  - {expect: RECEIPT, in: 1s..60s}\n");
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(result.virtual_ms, 3'000U);
}

TEST(In, NarrowsTheWindowToItsInstant) {
  FakeBench bench;
  bench.on_frame = [&](const CognitiveMessage& message) {
    bench.SayAck(ack::v1::ACK_TYPE_EXECUTION_ACK, ack::v1::STATUS_SUCCESS, message);
    bench.At(1'000, [&bench, message] {
      bench.SayAck(ack::v1::ACK_TYPE_RECEIPT, ack::v1::STATUS_SUCCESS, message);
    });
  };
  EXPECT_EQ(
      Play(bench, "  - send: m1\n  - {expect: RECEIPT, in: 1s}\n  - expect: nothing\n").verdict,
      Verdict::kPass);
}

TEST(Advance, VisitsEveryDeadlineAndFiresThatOfItsEnd) {
  FakeBench bench;
  std::vector<std::uint64_t> fired;
  for (const std::uint64_t at_ms : {1'000U, 2'500U, 4'000U, 4'001U}) {
    bench.At(at_ms, [&, at_ms] { fired.push_back(at_ms); });
  }
  Play(bench, "  - advance: 4s\n  - expect: nothing\n");
  EXPECT_EQ(fired, (std::vector<std::uint64_t>{1'000, 2'500, 4'000}));
}

// What the IUT meets first at the instant 5 s.
std::vector<std::string> OrderOf(const std::string& steps) {
  FakeBench bench;
  std::vector<std::string> order;
  bench.At(5'000, [&] { order.push_back("timer"); });
  bench.on_frame = [&](const CognitiveMessage&) { order.push_back("frame"); };
  EXPECT_EQ(Play(bench, steps + "  - expect: nothing\n").verdict, Verdict::kPass);
  return order;
}

TEST(Advance, BothOrdersOfARaceCanBeWritten) {
  using Order = std::vector<std::string>;
  EXPECT_EQ(OrderOf("  - advance: 5s\n    before_timers: [{send: m1}]\n"),
            (Order{"frame", "timer"}));
  EXPECT_EQ(OrderOf("  - advance: 5s\n  - send: m1\n"), (Order{"timer", "frame"}));
  EXPECT_EQ(OrderOf("  - advance: 5s\n    after_timers: [{send: m1}]\n"),
            (Order{"timer", "frame"}));
}

TEST(Advance, UntilQuietEndsWhenNothingIsDue) {
  FakeBench bench;
  AnswerAt(bench, 7'000);
  const CaseResult result =
      Play(bench, "  - send: m1\n  - advance: until quiet\n  - expect: RECEIPT\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(result.virtual_ms, 7'000U);
}

TEST(Advance, UntilQuietFailsWhenItNeverComesToRest) {
  FakeBench bench;
  std::function<void()> tick = [&] { bench.At(ToMs(bench.now()) + 3'600'000, tick); };
  bench.At(0, tick);
  const CaseResult result = Play(bench, "  - advance: until quiet\n  - expect: nothing\n");
  EXPECT_EQ(result.verdict, Verdict::kFail);
  EXPECT_NE(result.reason.find("never came to rest"), std::string::npos);
}

TEST(Advance, EndsWhenTheIutFloods) {
  FakeBench bench;
  bench.on_frame = [&bench](const CognitiveMessage& header) {
    for (int i = 0; i < 60'000; ++i) {
      bench.SayAck(ack::v1::ACK_TYPE_RECEIPT, ack::v1::STATUS_SUCCESS, header);
    }
  };
  const CaseResult result = Play(bench, "  - send: m1\n  - {expect: RECEIPT, in: 5s}\n");
  EXPECT_EQ(result.verdict, Verdict::kHarnessError);
  EXPECT_TRUE(result.transcript_whole);
  EXPECT_NE(result.reason.find("more than 50000 things"), std::string::npos) << result.reason;
}

TEST(Acts, EachIsAnAdvanceOfItsOwnAndTogetherIsOne) {
  FakeBench apart;
  Play(apart, "  - send: m1..m2\n  - expect: nothing\n");
  EXPECT_EQ(apart.advances.size(), 2U);
  FakeBench together;
  Play(together, "  - together: [{send: m1}, {send: m2}]\n  - expect: nothing\n");
  ASSERT_EQ(together.advances.size(), 1U);
  EXPECT_EQ(together.advances[0].frames, 2U);
}

TEST(Acts, AreRepeated) {
  FakeBench bench;
  Play(bench, "  - send: m1\n  - {resend: m1, repeat: 3}\n  - expect: nothing\n");
  ASSERT_EQ(bench.heard.size(), 4U);
  EXPECT_EQ(bench.heard.back().attempt(), 4U);
}

TEST(Acts, AResendCarriesTheLifeThatIsLeft) {
  FakeBench bench;
  Play(bench, "  - {send: m1, ttl: 10s}\n  - advance: 4s\n  - resend: m1\n  - expect: nothing\n");
  ASSERT_EQ(bench.heard.size(), 2U);
  EXPECT_EQ(bench.heard[1].ttl_ms(), 6'000U);
  EXPECT_EQ(bench.heard[1].attempt(), 2U);
  EXPECT_EQ(bench.heard[1].message_id(), bench.heard[0].message_id());
}

TEST(Acts, SetAndCorruptMakeWrongFrames) {
  FakeBench bench;
  Play(bench,
       "  - {send: m1, set: {schema_version: 7, traceparent: x, targets: [target, sender]}}\n"
       "  - {send: m2, corrupt: truncated_header}\n  - expect: nothing\n");
  ASSERT_EQ(bench.heard.size(), 1U);
  EXPECT_EQ(bench.heard[0].schema_version(), 7U);
  EXPECT_EQ(bench.heard[0].traceparent(), "x");
  EXPECT_EQ(bench.heard[0].targets_size(), 2);
  EXPECT_EQ(bench.undecodable, 1);
}

TEST(Acts, WorkReachesTheHandlerBeforeItsMessage) {
  FakeBench bench;
  std::size_t requests_before = 0;
  bench.on_frame = [&](const CognitiveMessage&) { requests_before = bench.requests.size(); };
  Play(bench, "  - {send: m1, work: {ends: SUCCESS, after: 3s}}\n  - expect: nothing\n");
  ASSERT_EQ(requests_before, 1U);
  ASSERT_TRUE(bench.requests[0].has_script_execution());
  EXPECT_EQ(bench.requests[0].script_execution().after_ms(), 3'000U);
}

}  // namespace
}  // namespace cmb::conformance::engine
