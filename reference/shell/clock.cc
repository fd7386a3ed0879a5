#include "reference/shell/clock.h"

#include <ctime>

namespace cmb::reference {
namespace {

std::uint64_t Read(clockid_t clock) {
  timespec time{};
  static_cast<void>(clock_gettime(clock, &time));  // Of a clock that exists it cannot fail.
  constexpr std::uint64_t kMsPerSecond = 1000;
  constexpr std::uint64_t kNsPerMs = 1'000'000;
  return static_cast<std::uint64_t>(time.tv_sec) * kMsPerSecond +
         static_cast<std::uint64_t>(time.tv_nsec) / kNsPerMs;
}

}  // namespace

RealClock RealClock::From(std::uint64_t now_ms) {
  RealClock clock;
  clock.offset_ms_ = now_ms - clock.NowMs();
  return clock;
}

// CMB-TMR-001: CLOCK_MONOTONIC stands still while the machine is suspended.
std::uint64_t RealClock::NowMs() const { return Read(CLOCK_BOOTTIME) + offset_ms_; }

std::uint64_t RealClock::WallMs() const { return Read(CLOCK_REALTIME); }

}  // namespace cmb::reference
