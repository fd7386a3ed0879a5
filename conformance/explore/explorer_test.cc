// Mutants of the Python peer of each role are found, made small and confirmed; what is found is the
// mutant's own.
#include "conformance/explore/explorer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <future>
#include <stdexcept>
#include <vector>

#include "conformance/explore/kept_file.h"
#include "conformance/lower_tester/lock_step_bench.h"

namespace cmb::conformance::explore {
namespace {

const std::string kTop = std::string(CMB_SOURCE_DIR);
constexpr std::size_t kMostSteps = 6;

struct Mutants {
  std::string role;
  std::vector<std::string> names;
};

const std::vector<Mutants>& TheMutants() {
  static const std::vector<Mutants> kMutants{
      {"target", {"no-dedup", "no-end", "a-target-without-anomalies"}},
      {"router", {"second-redelivery-loop", "keeps-the-cancel", "passes-receipts-on"}},
      {"sender",
       {"retry-ignores-max-retries", "no-phase-timers", "no-reconciliation", "no-backoff"}}};
  return kMutants;
}

std::unique_ptr<Bench> BenchOf(const std::vector<std::string>& options) {
  LockStepOptions bench;
  bench.command = {"/usr/bin/python3", kTop + "/conformance/peers/python/peer.py"};
  bench.command.insert(bench.command.end(), options.begin(), options.end());
  return std::make_unique<LockStepBench>(bench);
}

ExploreSettings On(const std::string& role, const std::string& mutant) {
  ExploreSettings settings;
  settings.make_bench = [mutant] { return BenchOf({"--mutant", mutant}); };
  std::vector<scenario::Diagnostic> errors;
  settings.knowledge = scenario::ReadKnowledge(kTop + "/spec/requirements.json",
                                               kTop + "/spec/choices.yaml", &errors);
  settings.roles = {role};
  settings.cases = 60;
  return settings;
}

void PassesUnbroken(Bench& unbroken, const Found& found, const std::string& text) {
  const auto claims = unbroken.Claims();
  ASSERT_TRUE(claims) << claims.trouble().sentence;
  EXPECT_EQ(Try(unbroken, found.small.one, claims.value()).verdict, Verdict::kPass) << text;
}

void IsFoundAndSmall(const std::string& role, const std::string& mutant, Bench& unbroken) {
  std::atomic<bool> stop{false};
  ExploreSettings settings = On(role, mutant);
  std::string text;
  settings.found = [&](const Found& found) {
    text = FileTextOf(found, settings.seed, settings.knowledge);
    EXPECT_EQ(found.confirmed, kConfirmations) << mutant << '\n' << text;
    EXPECT_LE(StepsOf(found.small.document), kMostSteps) << mutant << '\n' << text;
    PassesUnbroken(unbroken, found, text);
    stop = true;  // One is enough.
  };
  const Explored explored = Explore(settings, stop);
  ASSERT_FALSE(text.empty()) << mutant << ": " << explored.stopped_because;
  const auto again = scenario::LoadText(text, "x.yaml", settings.knowledge);
  EXPECT_TRUE(again.errors.empty()) << text;
}

TEST(Explorer, FindsMutantsAndShrinksThemToAtMostSixSteps) {
  setenv("CMB_PROTO_PYTHON", (std::string(CMB_BIN_DIR) + "/../python").c_str(), 0);
  std::vector<std::future<void>> roles;
  for (const Mutants& mutants : TheMutants()) {
    roles.push_back(std::async(std::launch::async, [&mutants] {
      const auto unbroken = BenchOf({});
      for (const std::string& name : mutants.names) {
        IsFoundAndSmall(mutants.role, name, *unbroken);
      }
    }));
  }
}

TEST(Explorer, WhatIsThrownEndsItAndNamesTheDraw) {
  setenv("CMB_PROTO_PYTHON", (std::string(CMB_BIN_DIR) + "/../python").c_str(), 0);
  const std::atomic<bool> stop{false};
  ExploreSettings settings = On("target", "no-dedup");
  settings.make_bench = [] { return BenchOf({}); };
  settings.progress = [](const Explored&) { throw std::runtime_error("no space"); };
  EXPECT_EQ(Explore(settings, stop).stopped_because,
            "the suite itself failed: no space, in draw 1");
  settings.progress = nullptr;
  settings.jobs = 2;
  std::atomic<int> made{0};
  settings.make_bench = [&made] {
    return ++made == 2 ? throw std::runtime_error("too many files") : BenchOf({});
  };
  EXPECT_EQ(Explore(settings, stop).stopped_because, "the suite itself failed: too many files");
}

}  // namespace
}  // namespace cmb::conformance::explore
