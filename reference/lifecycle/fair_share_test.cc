#include "reference/lifecycle/fair_share.h"

#include <gtest/gtest.h>

namespace cmb::lifecycle {
namespace {

const ModuleId kGreedy{"greedy"};
const ModuleId kQuiet{"quiet"};

// How many entries a source gets that takes all it can.
std::size_t Filled(SharedRoom& room, const ModuleId& source) {
  std::size_t count = 0;
  while (room.HasRoom(source)) {
    room.Take(source);
    ++count;
  }
  return count;
}

TEST(FairShare, OneSourceFillsThreeQuartersAndAnotherStillFindsRoom) {
  SharedRoom room({80, 8});
  EXPECT_EQ(Filled(room, kGreedy), 60u);
  EXPECT_EQ(Filled(room, kQuiet), 10u);
  EXPECT_EQ(Filled(room, ModuleId("third")), 10u);
  EXPECT_EQ(Filled(room, ModuleId("fourth")), 0u);
}

TEST(FairShare, WhatIsGivenBackCanBeTaken) {
  SharedRoom room({4, 4});
  EXPECT_EQ(Filled(room, kGreedy), 3u);
  room.Give(kGreedy);
  EXPECT_EQ(room.Of(kGreedy), 2u);
  EXPECT_EQ(Filled(room, kGreedy), 1u);
  EXPECT_EQ(room.taken(), 3u);
}

TEST(FairShare, AShareIsRoundedUpAndNeverNothing) {
  EXPECT_TRUE(MayTake({9, 8}, 8, 1));
  EXPECT_FALSE(MayTake({9, 8}, 8, 2));
  EXPECT_TRUE(MayTake({4, 8}, 3, 0));
  EXPECT_FALSE(MayTake({4, 8}, 3, 1));
}

TEST(FairShare, OfOneShareASourceTakesTheWhole) {
  SharedRoom room({5, 1});
  EXPECT_EQ(Filled(room, kGreedy), 5u);
  EXPECT_EQ(Filled(room, kQuiet), 0u);
  EXPECT_FALSE(MayTake({0, 1}, 0, 0));
}

}  // namespace
}  // namespace cmb::lifecycle
