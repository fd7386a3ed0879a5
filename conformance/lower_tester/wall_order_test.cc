// Which instants need a virtual clock, by what the IUT says of its timers.
#include "conformance/lower_tester/wall_order.h"

#include <gtest/gtest.h>

namespace cmb::conformance {
namespace {

constexpr WallScale kTickOf1s{1'000, 50};  // 3,000 ms of the case are 150 of the IUT.
constexpr std::uint64_t kThree = 3'000;

using control::v1::FIRE_AFTER_FRAMES;
using control::v1::FIRE_BEFORE_FRAMES;
using control::v1::FIRE_NONE;

class Instant {
 public:
  Instant With(ack::v1::TimerKind kind, std::uint64_t deadline_ms) const {
    Instant more = *this;
    control::v1::Timer& timer = *more.list_.add_timers();
    timer.set_kind(kind);
    timer.set_deadline_ms(deadline_ms);
    return more;
  }
  Instant WithTtl(std::uint64_t deadline_ms) const {
    return With(ack::v1::TIMER_KIND_TTL, deadline_ms);
  }
  Instant WithExpiry(std::uint64_t deadline_ms) const {
    return With(ack::v1::TIMER_KIND_RECORD_EXPIRY, deadline_ms);
  }

  TimersOfInstant Seen() const { return TimersAt(list_, kTickOf1s, kThree); }
  bool Needs(control::v1::Fire fire, bool messages) const {
    return NeedsOrder(Seen(), fire, messages);
  }

 private:
  control::v1::TimerList list_;
};

TEST(WallOrder, ATimerIsOfItsNearestTick) {
  EXPECT_TRUE(Instant().WithTtl(126).Seen().any);
  EXPECT_TRUE(Instant().WithTtl(174).Seen().any);
  EXPECT_FALSE(Instant().WithTtl(124).Seen().any);
  EXPECT_FALSE(Instant().WithTtl(176).Seen().any);
}

TEST(WallOrder, WhatEndsAMillisecondBehindAnInstantIsToldFromWhatFiresAtIt) {
  for (const auto kind : {ack::v1::TIMER_KIND_RECORD_EXPIRY, ack::v1::TIMER_KIND_RECONCILE}) {
    const TimersOfInstant seen = Instant().With(kind, 151).Seen();
    EXPECT_TRUE(seen.behind);
    EXPECT_FALSE(seen.any);
    EXPECT_FALSE(seen.apart);
  }
  EXPECT_TRUE(Instant().WithExpiry(175).Seen().behind);  // Of 174.
  EXPECT_FALSE(Instant().WithExpiry(0).Seen().behind);
}

TEST(WallOrder, TimersOfOneMillisecondAreNotApartAndAllOthersAre) {
  EXPECT_FALSE(Instant().WithTtl(150).WithTtl(150).Seen().apart);
  EXPECT_FALSE(Instant().WithTtl(150).WithExpiry(151).Seen().apart);
  EXPECT_TRUE(Instant().WithTtl(150).WithTtl(151).Seen().apart);
  EXPECT_TRUE(Instant().WithTtl(150).WithExpiry(152).Seen().apart);
  EXPECT_FALSE(Instant().WithExpiry(151).WithExpiry(153).Seen().apart);  // Nothing fires.
  EXPECT_FALSE(Instant().WithTtl(150).WithTtl(200).Seen().apart);        // Of another instant.
}

TEST(WallOrder, WithoutTimersNothingNeedsAnOrder) {
  for (const auto fire : {FIRE_NONE, FIRE_BEFORE_FRAMES, FIRE_AFTER_FRAMES}) {
    EXPECT_FALSE(Instant().Needs(fire, false));
    EXPECT_FALSE(Instant().Needs(fire, true));
  }
}

TEST(WallOrder, TimersThatFireByThemselvesFireBeforeWhateverTheSuiteDoes) {
  const Instant due = Instant().WithTtl(150);
  EXPECT_FALSE(due.Needs(FIRE_AFTER_FRAMES, false));
  EXPECT_FALSE(due.Needs(FIRE_BEFORE_FRAMES, false));
  EXPECT_FALSE(due.Needs(FIRE_BEFORE_FRAMES, true));
  EXPECT_TRUE(due.Needs(FIRE_AFTER_FRAMES, true));
  EXPECT_TRUE(due.Needs(FIRE_NONE, false));
  EXPECT_TRUE(due.Needs(FIRE_NONE, true));
}

TEST(WallOrder, WhatEndsBehindHasEndedBeforeAMessageComes) {
  const Instant behind = Instant().WithExpiry(151);
  EXPECT_FALSE(behind.Needs(FIRE_AFTER_FRAMES, false));
  EXPECT_FALSE(behind.Needs(FIRE_NONE, false));
  EXPECT_TRUE(behind.Needs(FIRE_AFTER_FRAMES, true));
  EXPECT_TRUE(behind.Needs(FIRE_NONE, true));
  EXPECT_TRUE(behind.WithTtl(150).Needs(FIRE_AFTER_FRAMES, false));
}

TEST(WallOrder, TimersThatAreApartAlwaysNeedIt) {
  EXPECT_TRUE(Instant().WithTtl(150).WithTtl(151).Needs(FIRE_AFTER_FRAMES, false));
}

TEST(WallOrder, TheSuiteDriftsAnEighthOfTheGraceAtATimeAndNoFurtherThanIsForgiven) {
  constexpr std::uint64_t kGrace = 40;
  std::uint64_t early = 0, late = 0;
  std::vector<std::uint64_t> first;
  for (int i = 0; i < 20; ++i) {
    early = NextDrift(early, kGrace, true);
    late = NextDrift(late, kGrace, false);
    first.push_back(early);
  }
  EXPECT_EQ(first[0], 5U);
  EXPECT_EQ(first[1], 10U);
  EXPECT_EQ(early, kGrace);
  EXPECT_EQ(late, kGrace / 2);
}

}  // namespace
}  // namespace cmb::conformance
