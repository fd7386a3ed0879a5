#include "reference/shell/clock_memory.h"

#include <gtest/gtest.h>

#include "reference/store/memory_tx_store.h"

namespace cmb::reference {
namespace {

constexpr std::uint64_t kWall = 1'700'000'000'000;
constexpr std::uint64_t kHour = 3'600'000;

void Commits(TxStore& store, std::uint64_t now_ms, std::uint64_t wall_ms) {
  store.SetMeta(kLastInstant, std::to_string(now_ms));
  store.SetMeta(kLastWall, std::to_string(wall_ms));
}

TEST(ClockMemory, ANewStoreBeginsAtInstant0) {
  MemoryTxStore store;
  EXPECT_EQ(Continue(store, {"boot", 70'000, kWall}).now_ms, 0u);
}

// CMB-TMR-001.
TEST(ClockMemory, WhileTheMachineRunsTheWallClockDoesNotMatter) {
  for (const std::uint64_t wall : {kWall - kHour, kWall + 10'000, kWall + kHour}) {
    MemoryTxStore store;
    Continue(store, {"boot", 70'000, kWall});
    BegunMs(store, 0);
    Commits(store, 500, kWall + 500);
    const Continued continued = Continue(store, {"boot", 80'000, wall});
    EXPECT_EQ(continued.now_ms, 10'000u);
    EXPECT_EQ(continued.away, Away::kKnown);
    EXPECT_EQ(BegunMs(store, 10'000), 0u);
  }
}

TEST(ClockMemory, AfterTheMachineRestartedTheWallClockTells) {
  MemoryTxStore store;
  Continue(store, {"boot", 70'000, kWall});
  Commits(store, 500, kWall + kHour);  // It had jumped while the machine ran.
  const Continued continued = Continue(store, {"another", 3'000, kWall + kHour + 9'500});
  EXPECT_EQ(continued.now_ms, 10'000u);
  EXPECT_EQ(continued.away, Away::kKnown);
  EXPECT_EQ(Continue(store, {"another", 3'100, 0}).now_ms, 10'100u);
}

// CMB-TMR-011.
TEST(ClockMemory, AfterTheMachineRestartedItsMemoryBeginsAnew) {
  MemoryTxStore store;
  Continue(store, {"boot", 70'000, kWall});
  BegunMs(store, 0);
  Commits(store, 500, kWall + 500);
  Continue(store, {"another", 3'000, kWall + 10'000});
  EXPECT_EQ(BegunMs(store, 10'000), 10'000u);
}

// CMB-TMR-010.
TEST(ClockMemory, AWallClockThatStandsBeforeTheLastCommitTellsNothing) {
  MemoryTxStore store;
  Continue(store, {"boot", 70'000, kWall});
  Commits(store, 50'000, kWall + 50'000);
  const Continued continued = Continue(store, {"another", 3'000, kWall - kHour});
  EXPECT_EQ(continued.now_ms, 50'000u);
  EXPECT_EQ(continued.away, Away::kUnknown);
}

TEST(ClockMemory, AMachineThatDoesNotTellItsRunsMayHaveRestarted) {
  MemoryTxStore store;
  Continue(store, {"", 70'000, kWall});
  Commits(store, 500, kWall + 500);
  EXPECT_EQ(Continue(store, {"", 80'000, kWall}).away, Away::kUnknown);
}

TEST(ClockMemory, AStoreKnowsWhenItBegan) {
  MemoryTxStore store;
  EXPECT_EQ(BegunMs(store, 700), 700u);
  EXPECT_EQ(BegunMs(store, 9000), 700u);
  store.Clear();
  EXPECT_EQ(BegunMs(store, 9000), 9000u);
}

TEST(ClockMemory, ThisMachineTellsItsRun) {
  const MachineTime time = TimeOfMachine();
  EXPECT_FALSE(time.boot.empty());
  EXPECT_GT(time.since_ms, 0u);
}

TEST(ClockMemory, ARealClockGoesOnFromWhereItIsPut) {
  const auto clock = RealClock::From(1000);
  const auto now = clock.NowMs();
  EXPECT_GE(now, 1000u);
  EXPECT_LT(now, 60'000u);
}

}  // namespace
}  // namespace cmb::reference
