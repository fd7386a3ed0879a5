// The timer that a story fires next while its clock moves to `end`: of both
// classes the earlier, the protocol's first only when it is earlier. Used by
// the stories of all three cores.
#pragma once

#include <optional>

#include "reference/lifecycle/timers.h"
#include "reference/lifecycle/types.h"

namespace cmb::lifecycle::testing {

// Absent: none is due by then.
template <class Core>
std::optional<Timer> NextDue(const Core& core, Instant end) {
  std::optional<Timer> first = core.NextTimer(TimerClass::kHousekeeping);
  const std::optional<Timer> protocol = core.NextTimer(TimerClass::kProtocol);
  if (!first || (protocol && protocol->deadline < first->deadline)) {
    first = protocol;
  }
  return first && first->deadline <= end ? first : std::nullopt;
}

}  // namespace cmb::lifecycle::testing
