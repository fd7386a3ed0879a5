#include "reference/shell/clock.h"

#include <chrono>

namespace cmb::reference {
namespace {

template <class Clock>
std::uint64_t SinceEpochMs() {
  const auto since = Clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

}  // namespace

RealClock RealClock::From(std::uint64_t now_ms) {
  RealClock clock;
  clock.offset_ms_ = now_ms - clock.NowMs();
  return clock;
}

// CMB-TMR-001.
std::uint64_t RealClock::NowMs() const {
  return SinceEpochMs<std::chrono::steady_clock>() + offset_ms_;
}

std::uint64_t RealClock::WallMs() const { return SinceEpochMs<std::chrono::system_clock>(); }

}  // namespace cmb::reference
