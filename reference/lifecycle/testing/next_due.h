// Time that passes at a core, with its timers. Used by the stories and lives of all three.
#pragma once

#include <algorithm>
#include <optional>

#include "reference/lifecycle/check.h"
#include "reference/lifecycle/timers.h"
#include "reference/lifecycle/types.h"

namespace cmb::lifecycle::testing {

// Of both classes the earlier, the protocol's only when it is earlier. Absent: none is due by then.
template <class Core>
std::optional<Timer> NextDue(const Core& core, Instant end) {
  std::optional<Timer> first = core.NextTimer(TimerClass::kHousekeeping);
  const std::optional<Timer> protocol = core.NextTimer(TimerClass::kProtocol);
  if (!first || (protocol && protocol->deadline < first->deadline)) {
    first = protocol;
  }
  return first && first->deadline <= end ? first : std::nullopt;
}

// Every timer fires at its own instant; `take` gets what comes of it.
template <class Core, class Take>
void LetPass(Core& core, Instant& now, Duration duration, Take take) {
  const Instant end = now + duration;
  for (int fired = 0; const std::optional<Timer> next = NextDue(core, end); ++fired) {
    Check(fired < 100'000, "timers come to an end");
    now = std::max(now, next->deadline);
    take(core.FireNext(now, ClassOf(next->kind)).value());
  }
  now = end;
  for (const TimerClass each : {TimerClass::kHousekeeping, TimerClass::kProtocol}) {
    Check(!core.FireNext(now, each), "what is not due does not fire");
  }
}

}  // namespace cmb::lifecycle::testing
