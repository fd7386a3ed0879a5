#include "reference/shell/clock_memory.h"

#include <gtest/gtest.h>

#include "reference/store/memory_tx_store.h"

namespace cmb::reference {
namespace {

constexpr std::uint64_t kWall = 1'700'000'000'000;

TEST(ClockMemory, ANewStoreBeginsAtInstant0) {
  MemoryTxStore store;
  EXPECT_EQ(ContinuedNowMs(store, kWall), 0u);
}

TEST(ClockMemory, TheTimeInWhichNothingRanHasPassed) {
  MemoryTxStore store;
  ContinuedNowMs(store, kWall);
  store.SetMeta(kLastInstant, "500");
  EXPECT_EQ(ContinuedNowMs(store, kWall + 10'000), 10'000u);
}

TEST(ClockMemory, AWallClockThatWasSetBackDoesNotTurnItBack) {
  MemoryTxStore store;
  ContinuedNowMs(store, kWall);
  store.SetMeta(kLastInstant, "50000");
  EXPECT_EQ(ContinuedNowMs(store, kWall - 3'600'000), 50'000u);
  EXPECT_EQ(ContinuedNowMs(store, kWall - 3'600'000 + 100), 50'100u);
}

TEST(ClockMemory, AStoreKnowsWhenItBegan) {
  MemoryTxStore store;
  EXPECT_EQ(BegunMs(store, 700), 700u);
  EXPECT_EQ(BegunMs(store, 9000), 700u);
  store.Clear();
  EXPECT_EQ(BegunMs(store, 9000), 9000u);
}

TEST(ClockMemory, ARealClockGoesOnFromWhereItIsPut) {
  const auto clock = RealClock::From(1000);
  const auto now = clock.NowMs();
  EXPECT_GE(now, 1000u);
  EXPECT_LT(now, 60'000u);
}

}  // namespace
}  // namespace cmb::reference
