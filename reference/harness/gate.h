// Lock-step virtual time: the only code of the harness that reads data sockets
// or moves the clock once a case has begun, and only when Advance or Reset say
// so.
//
// Owned by Harness. Threads: the harness's one. Spec: chapter "The control
// channel", the gate.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cmb/control/v1/control.pb.h"
#include "reference/harness/iut_role.h"

namespace cmb::reference {

// Why a request was not carried out.
struct Refusal {
  control::v1::ErrorKind kind = control::v1::ERROR_KIND_INTERNAL;
  std::string sentence;
};

// A request that makes no sense, or not now.
inline Refusal BadRequest(std::string sentence) {
  return {control::v1::ERROR_KIND_BAD_REQUEST, std::move(sentence)};
}

// Shorter than the runner's own guard, so that a lost frame can be told from a
// hung implementation (CMB-CTL-006).
inline constexpr std::chrono::milliseconds kWaitGuard{3000};

// Timers that may fire in one step; more means that they arm each other without
// end.
inline constexpr int kMostFirings = 10'000;

class Gate {
 public:
  explicit Gate(std::chrono::milliseconds guard = kWaitGuard) : guard_(guard) {}

  // Carries it out on `role`. Absent: done.
  std::optional<Refusal> Advance(IutRole& role, const control::v1::Advance& advance) const;

  // On the real clock, which stands at `now_ms`: what has fallen due by then, then these frames.
  std::optional<Refusal> GoOn(IutRole& role, std::uint64_t now_ms,
                              std::vector<Inbound> frames) const;

  // Reads and forgets until `received` messages have been read since Begin.
  std::optional<Refusal> Discard(IutRole& role, std::uint64_t received) const;

 private:
  // What the Advance is to handle.
  std::optional<Refusal> Read(IutRole& role, const control::v1::Advance& advance,
                              std::vector<Inbound>& into) const;

  // Reads until `received` messages have been read since Begin.
  std::optional<Refusal> Collect(IutRole& role, std::uint64_t received,
                                 std::vector<Inbound>& into) const;

  std::chrono::milliseconds guard_;
};

}  // namespace cmb::reference
