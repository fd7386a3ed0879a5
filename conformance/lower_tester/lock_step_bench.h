// The bench over real processes and real sockets. Made by the runner, one per job, each with its
// own ZeroMQ context, so that two benches share nothing. One thread at a time.
// Spec: chapter control channel.
//
// A process lives for many cases. It is replaced when the next case cannot use it (another role,
// other channels, a peer that is not connected or that must be absent) and after any trouble.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/lower_tester/bench.h"
#include "conformance/lower_tester/lock_step_options.h"

namespace cmb::conformance {

// What the bench has cost so far.
struct BenchCounts {
  std::uint64_t processes = 0;  // Started.
  std::uint64_t resets = 0;     // Cases that reused a process.
  std::uint64_t advances = 0;   // Advance requests, closing checks included.
};

class LockStepBench final : public Bench {
 public:
  explicit LockStepBench(LockStepOptions options);
  ~LockStepBench() override;  // Asks the process to shut down, then kills and reaps it.

  Result<control::v1::Pics> Claims() override;
  void SetPace(const WallPace& pace) override;
  WallFindings TakeFindings() override;
  Result<Done> StartCase(const CaseSettings& settings) override;
  Result<Done> Inject(const WireMessage& message) override;
  Result<StepResult> Advance(VirtualTime to, control::v1::Fire fire) override;
  Result<StepResult> Request(const control::v1::Request& request) override;
  Result<Done> Crash() override;
  Result<StepResult> Start(VirtualTime now, std::int64_t wall_jump_ms) override;
  Result<StepResult> Disconnect(const std::string& module) override;
  Result<StepResult> Connect(const std::string& module) override;
  Result<StepResult> Fill(const std::string& module, bool full) override;
  bool Reaches(const WireMessage& message) const override;
  Result<Done> EndCase() override;
  Result<Done> Leave() override;
  void Discard() override;
  std::string IutStderr() override;
  VirtualTime now() const override;
  std::optional<NextDeadline> next_deadline() const override;

  BenchCounts counts() const;

 private:
  bool HasProcess() const;  // In a case, and not crashed.

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cmb::conformance
