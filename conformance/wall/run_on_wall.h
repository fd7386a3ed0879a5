// Executes one case on an implementation under test (IUT) whose clock nobody can hold: as RunCase,
// at a pace that the case allows, and again at a slower one where something was late or missed.
// Called by the runner. One thread at a time per bench.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/run_case.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/lower_tester/wall_scale.h"
#include "conformance/scenario/model.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::wall {

struct WallSettings {
  std::uint64_t time_scale = 0;  // How many times faster than written at most. 0: no bound.
  std::chrono::milliseconds longest{20'000};
  // The requirement that the IUT breaks first, as far as the transcript shows. Empty: none.
  std::function<std::string(const CaseResult&, const Transcript&)> blamed;
  // A router without a harness; the names of the channels that it has. Else absent.
  std::optional<std::vector<std::string>> black_box;
};

// Of a run, added to from any thread.
class Slack {
 public:
  void Add(const WallFindings& findings);
  void AddRepeat();
  // An attempt has ended. While many are late, cases begin on a slower scale.
  void Note(bool late);
  bool IsTight() const;
  // Of each instant at which something was expected, how late that was over; sorted.
  std::vector<std::uint64_t> LatenessMs() const;
  std::uint64_t repeats() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> lateness_ms_;
  std::uint64_t repeats_ = 0;
  int strain_ = 0;
};

bool HasVirtualClock(const control::v1::Pics& pics);

CaseResult RunOnWall(Bench& bench, const scenario::Case& scenario, const control::v1::Pics& pics,
                     const RunOptions& options, const WallSettings& settings, Slack& slack,
                     Transcript& transcript);

}  // namespace cmb::conformance::wall
