// Whether an instant can be played on a real clock: what an implementation under test (IUT) says of
// its timers, against what the suite does then; and by how much the suite is early or late. Used by
// WallClock. Pure; any thread. Spec: chapter control channel, the gate.
#pragma once

#include <cstdint>

#include "cmb/control/v1/control.pb.h"
#include "conformance/lower_tester/wall_scale.h"

namespace cmb::conformance {

struct TimersOfInstant {
  bool any = false;     // Some fire at it,
  bool behind = false;  // or a millisecond behind it.
  bool apart = false;   // Not all at the same millisecond of its clock.
};

// Of the timers that it lists, on its own clock, those of the instant `to`.
TimersOfInstant TimersAt(const control::v1::TimerList& list, const WallScale& scale,
                         std::uint64_t to);

// Only a virtual clock keeps the order that counts then. What the IUT ends at the instant or a
// millisecond behind it (10.3) comes, in its tick, before whatever the suite does then; and timers
// of one instant that were armed at different ones are apart by as much as the arming was late.
// `messages`: some are handed over.
bool NeedsOrder(const TimersOfInstant& timers, control::v1::Fire fire, bool messages);

// By how much the suite is early, or late, at the next instant: at each a little more than before.
std::uint64_t NextDrift(std::uint64_t drift_ms, std::uint64_t grace_ms, bool shrinking);

}  // namespace cmb::conformance
