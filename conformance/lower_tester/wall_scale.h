// How a case of protocol time is played on a clock that nobody can hold: one tick of the case is
// `unit_ms`, and the implementation under test (IUT) lives it as `tick_ms` of its own clock. Every
// duration of the case is a multiple of the unit, so that nothing is rounded on the way to the IUT;
// on the way back each instant belongs to the nearest tick. Values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cmb::conformance {

// Lateness that is allowed of whatever happens at one instant. Measured (`run`, last lines): one
// case of the reference at a time, on two processors with a load of eleven, is over within 8 ms of
// each instant. What is later is repeated on a slower scale.
inline constexpr std::uint64_t kGraceMs = 20;

// Of a tick: more than twice the grace, so that what is early or late still has one nearest tick.
inline constexpr std::uint64_t kTickMs = 50;
static_assert(2 * kGraceMs < kTickMs);

struct WallScale {
  std::uint64_t unit_ms = 1'000;
  std::uint64_t tick_ms = kTickMs;

  // Absent: `ms` is no multiple of the unit.
  std::optional<std::uint64_t> ToReal(std::uint64_t ms) const;
  // The nearest tick.
  std::uint64_t ToProtocol(std::uint64_t real_ms) const;
  // How far `real_ms` is behind its nearest tick; negative: before it.
  std::int64_t Lateness(std::uint64_t real_ms) const;
  // A slower scale leaves more.
  std::uint64_t grace_ms() const { return kGraceMs * tick_ms / kTickMs; }
};

// What a case is to be played with.
struct WallPace {
  WallScale scale;
  std::chrono::milliseconds longest{20'000};  // A case that would last longer is refused.
  // What the suite does comes a little before its instant, and more so each time; else a little
  // after. So where two instants are compared that lie exactly a duration apart, they are not more
  // than that, or not less.
  bool shrinking = false;
  // Without a harness: how long is listened after what was handed over. A PONG may overtake ACKs
  // that leave together at the end of a router's turn.
  std::chrono::milliseconds settle{0};
};

// What became of it, besides what the case itself shows. Where one of the first four is
// there the case says nothing.
struct WallFindings {
  std::string refused;                      // Why it needs a virtual clock, or is too long.
  bool too_long = false;                    // The latter.
  std::optional<std::uint64_t> misfit_ms;   // A duration that is no multiple of the unit.
  std::optional<std::uint64_t> late_by_ms;  // Something was later than the grace.
  std::vector<std::uint64_t> lateness_ms;   // Of each instant at which something was expected.
};

}  // namespace cmb::conformance
