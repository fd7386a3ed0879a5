// The instant of real time by which a wait must end. Every wait of the suite has one. Used by the
// control client and the lower tester; a value, any thread.
#pragma once

#include <algorithm>
#include <chrono>

#include "conformance/control/lost_time.h"

namespace cmb::conformance {

class Deadline {
 public:
  static Deadline In(std::chrono::milliseconds wait) {
    return Deadline(std::chrono::steady_clock::now() + wait);
  }

  // Of a guard that a user may set: 0 never ends.
  static Deadline OfGuard(std::chrono::milliseconds guard) {
    constexpr std::chrono::hours kNever{24 * 365};
    return In(guard.count() == 0 ? std::chrono::milliseconds(kNever) : guard);
  }

  bool Passed() const { return std::chrono::steady_clock::now() >= End(); }

  // Whole milliseconds still to wait, rounded up so that a wait never ends early; 0 when passed.
  std::chrono::milliseconds Left() const {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(End() - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(0));
  }

  friend Deadline Earlier(Deadline a, Deadline b) { return a.End() <= b.End() ? a : b; }

 private:
  explicit Deadline(std::chrono::steady_clock::time_point at) : at_(at), lost_(LostInWaits()) {}

  // Time that the suite itself did not have is given back.
  std::chrono::steady_clock::time_point End() const { return at_ + (LostInWaits() - lost_); }

  std::chrono::steady_clock::time_point at_;
  std::chrono::milliseconds lost_;  // When it was made.
};

}  // namespace cmb::conformance
