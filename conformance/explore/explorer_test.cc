// A mutant of the Python peer is found, made small and confirmed.
#include "conformance/explore/explorer.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "conformance/explore/kept_file.h"
#include "conformance/lower_tester/lock_step_bench.h"

namespace cmb::conformance::explore {
namespace {

const std::string kTop = std::string(CMB_SOURCE_DIR);

ExploreSettings On(const std::vector<std::string>& options) {
  setenv("CMB_PROTO_PYTHON", (std::string(CMB_BIN_DIR) + "/../python").c_str(), 0);
  ExploreSettings settings;
  settings.make_bench = [options] {
    LockStepOptions bench;
    bench.command = {"/usr/bin/python3", kTop + "/conformance/peers/python/peer.py"};
    bench.command.insert(bench.command.end(), options.begin(), options.end());
    return std::make_unique<LockStepBench>(bench);
  };
  std::vector<scenario::Diagnostic> errors;
  settings.knowledge = scenario::ReadKnowledge(kTop + "/spec/requirements.json",
                                               kTop + "/spec/choices.yaml", &errors);
  settings.roles = {"target"};
  return settings;
}

TEST(Explorer, NoDedupShrinksToAtMostSixSteps) {
  std::atomic<bool> stop{false};
  ExploreSettings settings = On({"--mutant", "no-dedup"});
  settings.cases = 60;
  std::vector<std::string> texts;
  std::size_t steps = 100;
  settings.found = [&](const Found& found) {
    texts.push_back(FileTextOf(found, settings.seed, settings.knowledge));
    steps = StepsOf(found.small.document);
    EXPECT_EQ(found.confirmed, kConfirmations) << texts.back();
    EXPECT_NE(found.outcome.sentence.find("HANDLER_STARTED"), std::string::npos) << texts.back();
    stop = true;  // One is enough.
  };
  const Explored explored = Explore(settings, stop);
  ASSERT_FALSE(texts.empty()) << explored.stopped_because;
  EXPECT_LE(steps, 6U) << texts.front();
  const auto again = scenario::LoadText(texts.front(), "x.yaml", settings.knowledge);
  EXPECT_TRUE(again.errors.empty()) << texts.front();
}

}  // namespace
}  // namespace cmb::conformance::explore
