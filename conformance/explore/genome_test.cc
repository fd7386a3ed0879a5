// What was reached, and that what few reached is drawn from more often.
#include "conformance/explore/genome.h"

#include <gtest/gtest.h>

#include "conformance/explore/draw.h"

namespace cmb::conformance::explore {
namespace {

const char* const kRouted = "sender, ROUTER_ACK/SUCCESS [required_ack later] in SEND_PENDING";
const char* const kDone = "sender, EXECUTION_ACK/SUCCESS in ROUTED";

TEST(Coverage, HasCellsGuardsAndPairs) {
  const Coverage coverage({.role = "sender", .profile = "DURABLE", .features = {}}, {});
  const Features features = coverage.Of({{kRouted, "a"}, {kRouted, "b"}, {kDone, "a"}});
  EXPECT_TRUE(features.contains(std::string("cell ") + kDone));
  EXPECT_TRUE(features.contains("guard sender, ROUTER_ACK/SUCCESS: required_ack later"));
  EXPECT_TRUE(
      features.contains("guard sender, EXECUTION_ACK/SUCCESS: otherwise than after window"));
  EXPECT_TRUE(features.contains(
      "pair sender, ROUTER_ACK/SUCCESS [required_ack later] -> sender, EXECUTION_ACK/SUCCESS"));
  EXPECT_EQ(coverage.Text(features).substr(0, 5), "2 of ");
  EXPECT_TRUE(coverage.Text(features).ends_with(", 1 pairs of events"));
}

TEST(Coverage, HasNoCellsThatNobodyCanReach) {
  const auto text = [](const std::string& profile) {
    scenario::Knowledge knowledge;
    knowledge.declared_by["CMB-CXL-010"] = "TRACKED";
    return Coverage({.role = "target", .profile = profile, .features = {}}, knowledge).Text({});
  };
  EXPECT_EQ(text("BASIC").substr(0, 8), "0 of 60 ");
  EXPECT_EQ(text("TRACKED").substr(0, 8), "0 of 64 ");
  EXPECT_EQ(text("DURABLE").substr(0, 8), "0 of 71 ");
}

TEST(Pool, AltersWhatReachedRareThings) {
  Pool pool;
  for (std::uint64_t i = 0; i < 50; ++i) {
    pool.Learn({i, {1, 2, 3}}, {"often"});
  }
  pool.Learn({99, {1, 2, 3}}, {"often", "rare"});
  int rare = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Drawing drawing(seed);
    rare += pool.Next().header == 99 ? 1 : 0;
  }
  EXPECT_GT(rare, 80);
}

TEST(Pool, DrawsTheSameOfTheSameSeed) {
  Pool pool;
  pool.Learn({7, {1, 2, 3}}, {"x"});
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto next = [&] {
      const Drawing drawing(seed);
      return pool.Next();
    };
    EXPECT_EQ(next().steps, next().steps);
  }
}

}  // namespace
}  // namespace cmb::conformance::explore
