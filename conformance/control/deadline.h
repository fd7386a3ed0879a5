// The instant of real time by which a wait must end. Every wait of the suite has one. Used by the
// control client and the lower tester; a value, any thread.
#pragma once

#include <algorithm>
#include <chrono>

namespace cmb::conformance {

class Deadline {
 public:
  static Deadline In(std::chrono::milliseconds wait) {
    return Deadline(std::chrono::steady_clock::now() + wait);
  }

  bool Passed() const { return std::chrono::steady_clock::now() >= at_; }

  // Whole milliseconds still to wait, rounded up so that a wait never ends early; 0 when passed.
  std::chrono::milliseconds Left() const {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(at_ - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(0));
  }

  friend Deadline Earlier(Deadline a, Deadline b) { return a.at_ <= b.at_ ? a : b; }

 private:
  explicit Deadline(std::chrono::steady_clock::time_point at) : at_(at) {}
  std::chrono::steady_clock::time_point at_;
};

}  // namespace cmb::conformance
