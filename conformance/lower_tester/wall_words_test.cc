#include "conformance/lower_tester/wall_words.h"

#include <gtest/gtest.h>

#include "proto/wire/frame_codec.h"

namespace cmb::conformance {
namespace {

constexpr WallScale kTwentyTimes{1'000, 50};
constexpr std::uint64_t kWallBase = 1'700'000'000'000;

TEST(WallScale, TakesWholeTicksOnlyAndGivesTheNearest) {
  EXPECT_EQ(kTwentyTimes.ToReal(3'000), 150U);
  EXPECT_EQ(kTwentyTimes.ToReal(2'999), std::nullopt);
  EXPECT_EQ(kTwentyTimes.ToProtocol(150), 3'000U);
  EXPECT_EQ(kTwentyTimes.ToProtocol(174), 3'000U);
  EXPECT_EQ(kTwentyTimes.ToProtocol(126), 3'000U);
  EXPECT_EQ(kTwentyTimes.ToProtocol(176), 4'000U);
  EXPECT_EQ(kTwentyTimes.Lateness(163), 13);
  EXPECT_EQ(kTwentyTimes.Lateness(140), -10);
}

TEST(WallScale, ASlowerOneForgivesMore) {
  EXPECT_EQ(kTwentyTimes.grace_ms(), kGraceMs);
  EXPECT_EQ((WallScale{1'000, 200}).grace_ms(), 4 * kGraceMs);
}

TEST(WallWords, TranslateAHeaderThereAndBackByteForByte) {
  ack::v1::CognitiveMessage header;
  header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  header.set_ttl_ms(300'000);
  header.mutable_policy()->set_backoff_first_ms(1'000);
  WallWords words(kTwentyTimes, ack::v1::ROLE_ROUTER, kWallBase);
  const Frames written = wire::Encode(header, "payload");
  Frames frames = written;
  EXPECT_EQ(words.ToIut(frames), std::nullopt);
  ack::v1::CognitiveMessage shown;
  ASSERT_FALSE(wire::DecodeHeader(frames[0], shown));
  EXPECT_EQ(shown.ttl_ms(), 15'000U);
  EXPECT_EQ(shown.policy().backoff_first_ms(), 50U);
  words.FromIut(frames);
  EXPECT_EQ(frames, written);
}

TEST(WallWords, SayWhichTimeDoesNotFit) {
  ack::v1::CognitiveMessage header;
  header.set_ttl_ms(1'500);
  const WallWords words(kTwentyTimes, ack::v1::ROLE_ROUTER, kWallBase);
  EXPECT_EQ(words.ToIut(header), 1'500U);
  header.set_ttl_ms(604'801'000);
  EXPECT_EQ(words.ToIut(header), 604'801'000U);
}

TEST(WallWords, HousekeepingStaysOneMillisecondBehind) {
  control::v1::Reply reply;
  reply.mutable_next_deadline()->set_ms(15'003 + 1);
  reply.mutable_next_deadline()->set_class_(control::v1::DEADLINE_CLASS_HOUSEKEEPING);
  auto& timer = *reply.mutable_timers()->add_timers();
  timer.set_kind(ack::v1::TIMER_KIND_TTL);
  timer.set_deadline_ms(103);
  const WallWords words(kTwentyTimes, ack::v1::ROLE_SENDER, kWallBase);
  EXPECT_EQ(words.FromIut(reply), 3U);
  EXPECT_EQ(reply.next_deadline().ms(), 300'001U);
  EXPECT_EQ(reply.timers().timers(0).deadline_ms(), 2'000U);
}

TEST(WallWords, TellWallTimesByTheInstantThatTheyMean) {
  ack::v1::Event event;
  event.mutable_transition()->set_monotonic_ms(52);
  event.mutable_transition()->set_wall_ms(kWallBase + 52);
  const WallWords words(kTwentyTimes, ack::v1::ROLE_SENDER, kWallBase);
  static_cast<void>(words.FromIut(event));
  EXPECT_EQ(event.transition().monotonic_ms(), 1'000U);
  EXPECT_EQ(event.transition().wall_ms(), kWallBase + 1'000);
}

}  // namespace
}  // namespace cmb::conformance
