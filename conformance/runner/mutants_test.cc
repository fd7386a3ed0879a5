#include "conformance/runner/mutants.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace cmb::conformance::runner {
namespace {

Killed Of(const std::string& name, std::vector<std::string> by, std::vector<std::string> first) {
  return {{name, "CMB-SND-001", {}, "", {}}, std::move(by), std::move(first), 1, 1, ""};
}

TEST(Mutants, TheSummaryNamesThoseThatAreFirstBlamedForSomethingElse) {
  EXPECT_EQ(SummaryOf({Of("a", {"x"}, {})}, {}),
            "1 of 1 mutants killed by a case that names what they break\n"
            "1 of 1 blamed first for what they break, in each case that fails\n");
  EXPECT_EQ(SummaryOf({Of("a", {"x"}, {}), Of("b", {"x"}, {"CMB-TMR-002", "CMB-WIRE-014"}),
                       Of("c", {}, {"CMB-TMR-003"})},
                      {"CMB-SND-002"}),
            "2 of 3 mutants killed by a case that names what they break\n"
            "1 of 3 blamed first for what they break, in each case that fails; the others:\n"
            "  b, CMB-SND-001: CMB-TMR-002 CMB-WIRE-014\n"
            "  c, CMB-SND-001: CMB-TMR-003\n"
            "MUSTs that cases name and no mutant breaks: CMB-SND-002\n");
}

TEST(Mutants, WhatIsThrownEndsItsMutantAlone) {
  Options options;
  options.iut = {"/no/such/program"};
  options.jobs = 2;
  const std::atomic<bool> stop{false};
  std::atomic<int> told{0};
  const auto all = RunMutants({Of("a", {}, {}).mutant, Of("b", {}, {}).mutant}, {}, options, stop,
                              [&told](const Killed& one) {
                                ++told;
                                if (one.mutant.name == "a") {
                                  throw std::runtime_error("the disk is full");
                                }
                              });
  EXPECT_EQ(told, 2);
  EXPECT_EQ(all[0].mutant.name, "a");
  EXPECT_EQ(all[0].ended, "the suite itself failed: the disk is full");
  EXPECT_EQ(all[1].ended.find("the suite itself failed"), std::string::npos) << all[1].ended;
}

}  // namespace
}  // namespace cmb::conformance::runner
