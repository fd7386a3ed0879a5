// A million acts at each core, and the invariants after every one. The seed is fixed, so
// that a breach is found again; CMB_WALK_SEED draws others.
#include "reference/lifecycle/testing/walk.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "reference/lifecycle/testing/router_traffic.h"
#include "reference/lifecycle/testing/sender_life.h"
#include "reference/lifecycle/testing/target_life.h"

namespace cmb::lifecycle::testing {
namespace {

constexpr int kActs = 1'000'000;

std::uint32_t Seed() {
  const char* const seed = std::getenv("CMB_WALK_SEED");
  return seed == nullptr ? 1 : static_cast<std::uint32_t>(std::strtoul(seed, nullptr, 10));
}

TEST(Walk, OfASenderBreaksNothing) {
  EXPECT_EQ(Walk<SenderLife>(Seed(), kActs, [] { return std::make_unique<SenderLife>(); }), "");
}

TEST(Walk, OfARouterBreaksNothing) {
  EXPECT_EQ(Walk<RouterTraffic>(Seed(), kActs, [] { return std::make_unique<RouterTraffic>(); }),
            "");
}

TEST(Walk, OfATargetBreaksNothing) {
  int life = 0;
  EXPECT_EQ(
      Walk<TargetLife>(
          Seed(), kActs,
          [&life] {
            constexpr Profile kProfiles[] = {Profile::kBasic, Profile::kTracked, Profile::kDurable};
            return std::make_unique<TargetLife>(kProfiles[life++ % 3]);
          }),
      "");
}

}  // namespace
}  // namespace cmb::lifecycle::testing
