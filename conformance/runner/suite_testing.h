// For the test of the suite alone.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "conformance/lower_tester/bench.h"

namespace cmb::conformance::runner {

// A bench without a process: starts as often as it is told to.
class FakeBench final : public Bench {
 public:
  explicit FakeBench(std::atomic<int>& starts_left) : starts_left_(starts_left) {}

  Result<control::v1::Pics> Claims() override {
    if (!alive_ && starts_left_-- <= 0) {
      Trouble trouble;
      trouble.kind = TroubleKind::kCannotStart;
      trouble.sentence = "cannot start 'x'";
      return trouble;
    }
    alive_ = true;
    control::v1::Pics pics;
    pics.set_name("fake");
    return pics;
  }
  Result<Done> StartCase(const CaseSettings&) override { return Done{}; }
  Result<Done> Inject(const WireMessage&) override { return Done{}; }
  Result<StepResult> Advance(VirtualTime, control::v1::Fire) override { return StepResult{}; }
  Result<StepResult> Request(const control::v1::Request&) override { return StepResult{}; }
  Result<Done> Crash() override { return Done{}; }
  Result<StepResult> Start(VirtualTime, std::int64_t) override { return StepResult{}; }
  Result<StepResult> Disconnect(const std::string&) override { return StepResult{}; }
  Result<StepResult> Connect(const std::string&) override { return StepResult{}; }
  Result<StepResult> Fill(const std::string&, bool) override { return StepResult{}; }
  bool Reaches(const WireMessage&) const override { return true; }
  Result<Done> EndCase() override { return Done{}; }
  Result<Done> Leave() override { return Done{}; }
  void Discard() override { alive_ = false; }
  std::string IutStderr() override { return "its last words"; }
  VirtualTime now() const override { return {}; }
  std::optional<NextDeadline> next_deadline() const override { return std::nullopt; }

 private:
  std::atomic<int>& starts_left_;
  bool alive_ = false;
};

}  // namespace cmb::conformance::runner
