// What one of many throws: the others are done, and it is named.
#include "conformance/check/parallel.h"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

namespace cmb::conformance::check {
namespace {

using Thrown = std::map<std::size_t, std::string>;

class ForEach : public testing::TestWithParam<unsigned> {};

TEST_P(ForEach, WhatOneThrowsEndsThatOneAlone) {
  const std::atomic<bool> go_on{false};
  std::vector<int> done(20, 0);
  Thrown thrown;
  ForEachIndex(
      done.size(), GetParam(), go_on,
      [&](std::size_t i) {
        if (i == 3) {
          throw std::runtime_error("the third");
        }
        if (i == 17) {
          throw 17;
        }
        done[i] = 1;
      },
      [&](std::size_t i, const std::string& words) { thrown[i] = words; });
  EXPECT_EQ(std::count(done.begin(), done.end(), 1), 18);
  EXPECT_EQ(thrown, (Thrown{{3, "the suite itself failed: the third"},
                            {17, "the suite itself failed, and does not say why"}}));
}

INSTANTIATE_TEST_SUITE_P(Threads, ForEach, testing::Values(1U, 2U, 8U));

}  // namespace
}  // namespace cmb::conformance::check
