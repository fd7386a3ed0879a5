// Every combination of implementations as sender, router and target, and what became of each case
// with it. Called by the runner; uses a thread for each job.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/report/run_report.h"
#include "conformance/system/run_system.h"

namespace cmb::conformance::system {

struct Implementation {
  std::string name;  // With its version; unlike that of any other.
  control::v1::Pics claims;
  std::function<std::unique_ptr<Bench>()> make_bench;  // From any thread.

  bool Plays(ack::v1::Role role) const;
};

// Indices of implementations.
struct Combination {
  std::size_t sender = 0, router = 0, target = 0;
};

struct CombinationResult {
  Combination combination;
  std::vector<SystemResult> cases;  // In the order of the scenarios; fewer where it was stopped.

  report::Counts counts() const;
};

// All that can be made of who claims what, in order.
std::vector<Combination> CombinationsOf(const std::vector<Implementation>& implementations);

struct InteropSettings {
  std::uint64_t seed = 1;
  unsigned jobs = 1;  // Combinations at the same time.
  // Takes what happened at each part of each case, with its name; from any thread. Null: nobody.
  std::function<void(const Combination&, const std::string& part, const Transcript&)>
      keep_transcript;
  // Each combination that is through, one at a time, in no order.
  std::function<void(const CombinationResult&)> done;
};

std::vector<CombinationResult> RunCombinations(const std::vector<Implementation>& implementations,
                                               const std::vector<scenario::Case>& cases,
                                               const InteropSettings& settings,
                                               const std::atomic<bool>& stop);

}  // namespace cmb::conformance::system
