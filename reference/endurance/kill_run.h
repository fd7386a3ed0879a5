// A run of a router, a sender and a target that are killed at random instants
// while messages pass, judged from outside: by the files in which the sender notes
// what it accepted and was told, and the target each start.
//
//   KillRun run({.kills = 40, .seed = 7, .directory = dir, …});
//   const auto report = run.Run();  // report.faults is empty: nothing was lost.
//
// The instants of the kills come from the seed; what they hit depends on the
// machine. Every wait has a deadline, and no child outlives the run. Threads:
// the caller's. Spec: chapter "Persistence and recovery".
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

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
  // The target stands still for up to so long before it is killed, evenly drawn:
  // what the router brings it meanwhile goes with it.
  std::chrono::milliseconds longest_freeze{50};
  // After the last kill, at the most, until every message has its outcome, and
  // again until the router has brought what it accepted.
  std::chrono::milliseconds settle{60'000};
  // The router has no store, so that it loses what it accepted: the run must find
  // that.
  bool forgetful_router = false;
  std::string directory;       // Empty and of this run alone; for stores and logs.
  std::string router_program;  // cmb-router.
  std::string sender_program;  // endurance-sender.
  std::string target_program;  // endurance-target.
};

struct KillReport {
  int router_kills = 0;
  int sender_kills = 0;
  int target_kills = 0;
  Totals totals;
  std::size_t started = 0;  // Messages whose work began.
  std::vector<std::string> faults;
  std::chrono::milliseconds took{0};
};

class KillRun {
 public:
  // Throws std::runtime_error where no ports can be had.
  explicit KillRun(KillRunOptions options);

  // Throws std::runtime_error where no processes can be had, or their notes cannot
  // be read.
  KillReport Run();

 private:
  using Steady = std::chrono::steady_clock;

  // A program that is killed, and how often it was.
  struct Victim {
    Child child;
    int kills = 0;
  };

  std::string File(const std::string& name) const { return options_.directory + "/" + name; }
  std::vector<std::string> RouterCommand() const;
  // `name` is that of the module, its store, its notes and its log.
  std::vector<std::string> ModuleCommand(const std::string& program, const std::string& name) const;
  int kills() const { return router_.kills + sender_.kills + target_.kills; }
  // Evenly drawn.
  std::chrono::milliseconds Draw(std::chrono::milliseconds least, std::chrono::milliseconds most);
  void KillSome();
  // On a machine that is busy with other things the lives may be too short for
  // anything to happen. Once several in a row were, this waits for a start of work.
  void AwaitWorkNowAndThen();
  // Lets the sender end by itself, when all that it sent has an outcome, and the
  // router bring the rest.
  void Settle();
  // What the notes say is wrong.
  std::vector<std::string> NotedFaults() const;
  void CheckChildren();
  KillReport Report(Steady::time_point began);

  KillRunOptions options_;
  std::mt19937_64 random_;
  std::array<int, 3> ports_;  // Main, ACK ingress, ACK egress.
  Victim router_;
  Victim sender_;
  Victim target_;
  std::uintmax_t noted_by_target_ = 0;  // Bytes, when they were last looked at.
  int idle_lives_ = 0;                  // In a row, in which no work was started.
  std::vector<std::string> faults_;
};

}  // namespace cmb::reference
