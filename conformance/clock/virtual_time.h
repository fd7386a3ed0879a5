// Instants of a case's clock, a type of their own so that they are never mixed with durations or
// with wall time. Used by the bench, the engine and the transcript. Values only; any thread.
// Spec: chapter control channel.
#pragma once

#include <chrono>
#include <cstdint>

namespace cmb::conformance {

// Never read: time moves only because the bench says so. No now() on purpose.
struct VirtualClock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<VirtualClock>;
  static constexpr bool is_steady = true;
};

using VirtualTime = VirtualClock::time_point;

inline constexpr VirtualTime kEndOfTime = VirtualTime::max();

// Milliseconds of the control channel as an instant. What no clock can hold is kEndOfTime.
constexpr VirtualTime FromMs(std::uint64_t ms) {
  constexpr auto kMost = static_cast<std::uint64_t>(VirtualClock::duration::max().count());
  return ms >= kMost ? kEndOfTime : VirtualTime(VirtualClock::duration(ms));
}

// The same back. `time` is not before instant 0.
constexpr std::uint64_t ToMs(VirtualTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

}  // namespace cmb::conformance
