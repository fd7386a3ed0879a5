// Draws scenarios, runs and judges them on several benches at once, shrinks what fails and counts
// what of the tables was reached, which the next scenarios are drawn by. Called by the explore
// command; its threads end with it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conformance/explore/coverage.h"
#include "conformance/explore/document.h"
#include "conformance/explore/trial.h"
#include "conformance/lower_tester/bench.h"

namespace cmb::conformance::explore {

// A failure is run so often once it is small, each time on a fresh process.
inline constexpr int kConfirmations = 5;
// After so many different failures the exploration ends.
inline constexpr std::size_t kMostFound = 20;

struct Found {
  std::string id;            // Of the scenario.
  std::uint64_t number = 0;  // Of the draw, from 1.
  Outcome outcome;           // Of the small one.
  Loaded small;
  std::size_t steps_before = 0;  // The small one has StepsOf(small.document).
  int confirmed = 0;             // Of kConfirmations.
};

struct Explored {
  std::string iut_name;
  std::uint64_t passed = 0, failed = 0, inconclusive = 0;
  std::uint64_t refused = 0;                 // Draws that the loader or the suite would not run.
  std::vector<Found> found;                  // In the order of the draws.
  std::map<std::string, Features> reached;   // By role, as the next.
  std::map<std::string, Coverage> coverage;  // What there is to reach.
  bool interrupted = false;
  std::string stopped_because;  // Empty: all was drawn, or the time is over.

  std::uint64_t run() const { return passed + failed + inconclusive; }
  // "sender 61 of 240 cells …; target …".
  std::string CoverageText() const;
};

struct ExploreSettings {
  std::function<std::unique_ptr<Bench>()> make_bench;  // Called from the thread that uses it.
  scenario::Knowledge knowledge;
  std::uint64_t seed = 1;
  std::uint64_t cases = 1'000;
  std::chrono::steady_clock::duration time = std::chrono::hours(24);
  std::vector<std::string> roles;  // Empty: all that the implementation claims.
  bool fills = false;              // As Claims::fills.
  unsigned jobs = 1;
  std::size_t shrink_tries = 400;
  // After each scenario, and for each new failure; one thread at a time. Null: nobody.
  std::function<void(const Explored&)> progress;
  std::function<void(const Found&)> found;
};

Explored Explore(const ExploreSettings& settings, const std::atomic<bool>& stop);

}  // namespace cmb::conformance::explore
