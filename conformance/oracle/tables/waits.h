// The waits of 7.5. Where the control channel gives the factors, what goes in tells each; of an IUT
// that draws its own, any between the bounds is right (CMB-RTY-009). No threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/control/v1/control.pb.h"

namespace cmb::conformance::oracle::tables {

// CMB-RTY-008: a half up.
std::uint64_t Rounded(double wait_ms);

struct Wait {
  std::uint64_t shortest_ms = 0, longest_ms = 0;

  std::uint64_t Nearest(std::uint64_t wait_ms) const {
    return std::clamp(wait_ms, shortest_ms, longest_ms);
  }
};

// One factor for each wait, in the order in which they are armed.
class Jitter {
 public:
  explicit Jitter(const control::v1::Settings& settings) : settings_(settings) {}

  Wait Of(double base_ms) const;  // The wait that would be armed now, `base_ms` before jitter.
  void Next() { ++used_; }
  void Restart() { used_ = 0; }

 private:
  const control::v1::Settings& settings_;
  int used_ = 0;
};

inline constexpr std::uint64_t kLongestWaitMs = 604'800'000;  // Of every wait of a policy (7.1).

// What breaks where a wait of this policy is none of these.
std::string_view RequirementOfWaits(const ack::v1::DeliveryPolicy& policy,
                                    const control::v1::Settings& settings);

// What breaks where a phase has another length than a policy gives it in this field, or (0) leaves
// to the default.
constexpr std::string_view RequirementOfPhase(std::uint64_t told_ms, std::string_view otherwise) {
  return told_ms == 0 ? "CMB-TMR-002" : otherwise;
}

}  // namespace cmb::conformance::oracle::tables
