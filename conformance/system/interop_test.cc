#include "conformance/system/interop.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cmb::conformance::system {
namespace {

TEST(Interop, WhatIsThrownEndsTheCombinationAndNamesTheCase) {
  Implementation one;
  one.make_bench = []() -> std::unique_ptr<Bench> { throw std::runtime_error("too many files"); };
  for (const auto role : {ack::v1::ROLE_SENDER, ack::v1::ROLE_ROUTER, ack::v1::ROLE_TARGET}) {
    one.claims.add_roles()->set_role(role);
  }
  scenario::Case first, second;
  first.id = "system/first";
  InteropSettings settings;
  int through = 0;
  settings.done = [&](const CombinationResult&) { ++through; };
  const std::atomic<bool> stop{false};
  const auto results = RunCombinations({one}, {first, second}, settings, stop);
  ASSERT_EQ(results.size(), 1U);
  ASSERT_EQ(results[0].cases.size(), 1U);
  EXPECT_EQ(results[0].cases[0].result.case_id, "system/first");
  EXPECT_EQ(results[0].cases[0].result.verdict, Verdict::kHarnessError);
  EXPECT_EQ(results[0].cases[0].result.reason, "the suite itself failed: too many files");
  EXPECT_EQ(through, 1);
}

}  // namespace
}  // namespace cmb::conformance::system
