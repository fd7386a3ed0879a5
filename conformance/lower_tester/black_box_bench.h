// A bench for a router that runs already, whoever started it: there is no control channel, and
// nothing is seen of it but the frames that it sends to the modules, which the suite plays. Its
// clock is the real one: the case goes from tick to tick, and what arrives belongs to its nearest
// tick. A PING on every path, answered, proves that what was handed over has been handled, and that
// what did not come was not sent. Each case has modules of its own names (renaming.h).
// Given to RunOnWall by the runner. One thread. Spec: chapter wire binding.
#pragma once

#include <chrono>
#include <memory>

#include "conformance/lower_tester/bench.h"
#include "conformance/lower_tester/router_addresses.h"

namespace cmb::conformance {

struct BlackBoxOptions {
  RouterAddresses addresses;
  control::v1::Pics pics;            // What somebody says of the router; it is not asked.
  std::chrono::milliseconds hello;   // For the first PONG. 0: for ever.
  std::chrono::milliseconds answer;  // For every other. 0: for ever.
};

class BlackBoxBench final : public Bench {
 public:
  explicit BlackBoxBench(BlackBoxOptions options);
  ~BlackBoxBench() override;

  // The first time it is PINGed.
  Result<control::v1::Pics> Claims() override;
  void SetPace(const WallPace& pace) override;
  WallFindings TakeFindings() override;
  Result<Done> StartCase(const CaseSettings& settings) override;
  Result<Done> Inject(const WireMessage& message) override;
  // `fire` is the router's own affair.
  Result<StepResult> Advance(VirtualTime to, control::v1::Fire fire) override;
  Result<StepResult> Disconnect(const std::string& module) override;
  Result<StepResult> Connect(const std::string& module) override;
  bool Reaches(const WireMessage& message) const override;
  Result<Done> EndCase() override;
  void Discard() override;
  VirtualTime now() const override;
  // The next tick: nobody knows what is armed.
  std::optional<NextDeadline> next_deadline() const override;

  // Nobody can be asked, and nothing can be done to its process.
  Result<StepResult> Request(const control::v1::Request&) override;
  Result<Done> Crash() override;
  Result<StepResult> Start(VirtualTime, std::int64_t) override;
  Result<StepResult> Fill(const std::string&, bool) override;
  Result<Done> Leave() override { return Done{}; }
  std::string IutStderr() override { return ""; }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cmb::conformance
