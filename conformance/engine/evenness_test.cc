#include "conformance/engine/evenness.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace cmb::conformance::engine {
namespace {

std::vector<double> Drawn(std::size_t count, const std::function<double(double)>& bent) {
  std::mt19937 source(7);
  std::uniform_real_distribution<double> even(0.0, 1.0);
  std::vector<double> factors(count);
  for (double& factor : factors) {
    factor = bent(even(source));
  }
  return factors;
}

TEST(Evenness, AnEvenSourcePasses) {
  EXPECT_EQ(Unevenness(Drawn(200, [](double x) { return 0.5 + x; })), std::nullopt);
  EXPECT_EQ(Unevenness(Drawn(5'000, [](double x) { return 0.5 + x; })), std::nullopt);
}

TEST(Evenness, FewDrawsProveNothing) {
  EXPECT_EQ(Unevenness(Drawn(199, [](double x) { return 0.5 + x; })), "199 waits, 200 are needed");
}

TEST(Evenness, WhatIsDrawnOtherwiseIsSeen) {
  EXPECT_EQ(Unevenness(std::vector<double>(200, 1.0)), "1 different factors in 200 waits");
  EXPECT_TRUE(Unevenness(Drawn(200, [](double x) { return 0.5 + 0.7 * x; })));
  EXPECT_TRUE(Unevenness(Drawn(200, [](double x) { return 0.5 + x * x; })));
  EXPECT_TRUE(Unevenness(Drawn(200, [](double x) { return 0.4 + 1.2 * x; })));
}

}  // namespace
}  // namespace cmb::conformance::engine
