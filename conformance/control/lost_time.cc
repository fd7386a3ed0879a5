#include "conformance/control/lost_time.h"

#include <atomic>
#include <cstdint>
#include <ctime>

namespace cmb::conformance {
namespace {

std::atomic<std::int64_t> lost_ms{0};

std::chrono::nanoseconds Now(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::chrono::nanoseconds BootAheadOfMonotonic() {
  return Now(CLOCK_BOOTTIME) - Now(CLOCK_MONOTONIC);
}

const std::chrono::nanoseconds kAheadAtStart = BootAheadOfMonotonic();

}  // namespace

void NoteWait(std::chrono::milliseconds asked, std::chrono::milliseconds took) {
  if (took > asked + kLateWakeUp) {
    lost_ms += (took - asked).count();
  }
}

std::chrono::milliseconds LostInWaits() { return std::chrono::milliseconds(lost_ms); }

std::chrono::milliseconds SleptByMachine() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(BootAheadOfMonotonic() -
                                                               kAheadAtStart);
}

}  // namespace cmb::conformance
