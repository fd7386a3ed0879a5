#include "reference/shell/stall_watch.h"

#include <gtest/gtest.h>

namespace cmb::reference {
namespace {

using lifecycle::AtMs;
using lifecycle::Duration;

constexpr Duration kMaxLatency{30'000};

TEST(StallWatch, WhoReadsOftenEnoughTakesNothingOff) {
  StallWatch watch(1, kMaxLatency, AtMs(0));
  EXPECT_EQ(watch.Read(0, AtMs(30'000)), Duration{0});
  EXPECT_EQ(watch.Read(0, AtMs(60'000)), Duration{0});
}

// CMB-TMR-012.
TEST(StallWatch, WhatWaitsAfterAStallIsOlderByIt) {
  StallWatch watch(2, kMaxLatency, AtMs(0));
  EXPECT_EQ(watch.Read(0, AtMs(30'001)), Duration{30'001});
  EXPECT_EQ(watch.Read(0, AtMs(30'002)), Duration{30'001});  // It waited beside the first.
  watch.FoundEmpty(0);
  EXPECT_EQ(watch.Read(0, AtMs(30'003)), Duration{0});
  EXPECT_EQ(watch.Read(1, AtMs(40'000)), Duration{40'000});  // Each socket for itself.
}

TEST(StallWatch, StallsAddUpWhileSomethingStillWaits) {
  StallWatch watch(1, kMaxLatency, AtMs(0));
  watch.Read(0, AtMs(40'000));
  EXPECT_EQ(watch.Read(0, AtMs(80'000)), Duration{80'000});
}

}  // namespace
}  // namespace cmb::reference
