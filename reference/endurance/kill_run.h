// A run of a router and a target that are killed at random instants while
// messages pass, judged from outside: by what their sender was told and by the
// file in which the target notes each start.
//
//   KillRun run({.kills = 40, .seed = 7, .directory = dir, …});
//   const auto report = run.Run();  // report.faults is empty: nothing was lost.
//
// The instants of the kills come from the seed; what they hit depends on the
// machine. Every wait has a deadline, and no child outlives the run. Threads:
// the caller's. Spec: chapter "Persistence and recovery".
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "reference/endpoint/module_endpoint.h"
#include "reference/endurance/child.h"
#include "reference/endurance/ledger.h"

namespace cmb::reference {

struct KillRunOptions {
  int kills = 40;
  std::uint64_t seed = 1;
  std::size_t in_flight = 64;
  // Between two kills, evenly drawn.
  std::chrono::milliseconds shortest_life{20};
  std::chrono::milliseconds longest_life{250};
  // After the last kill until every message has its outcome.
  std::chrono::milliseconds settle{60'000};
  std::string directory;       // Empty and of this run alone; for stores and logs.
  std::string router_program;  // cmb-router.
  std::string target_program;  // endurance-target.
};

struct KillReport {
  int router_kills = 0;
  int target_kills = 0;
  Totals totals;
  std::size_t started = 0;  // Messages whose work began.
  std::vector<std::string> faults;
  std::chrono::milliseconds took{0};
};

class KillRun {
 public:
  // Throws std::runtime_error where no ports or processes can be had.
  explicit KillRun(KillRunOptions options);
  ~KillRun();

  KillReport Run();

 private:
  using Steady = std::chrono::steady_clock;

  void Begin();
  void KillOneOrBoth();
  // Sends until as many are in flight as shall be.
  void TopUp();
  // Takes what the sender was told, waiting for it until then.
  void Listen(Steady::time_point until);
  void CheckChildren();
  KillReport Report(Steady::time_point began);
  std::string File(const std::string& name) const { return options_.directory + "/" + name; }

  KillRunOptions options_;
  std::mt19937_64 random_;
  std::unique_ptr<Child> router_;
  std::unique_ptr<Child> target_;
  std::unique_ptr<ModuleEndpoint> sender_;
  Ledger ledger_;
  std::vector<std::string> faults_;
  int router_kills_ = 0;
  int target_kills_ = 0;
};

}  // namespace cmb::reference
