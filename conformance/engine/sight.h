// What is left of an observation where frames alone are seen: no events, no records, no timers.
// Called by the step runner, and by whoever must know before whether a case shows anything. Pure.
// Scenario language, section 4.
#pragma once

#include <optional>

#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

// Absent: nothing of it is seen. REQUIRES: scenario::IsObservation(step).
std::optional<scenario::Step> SeenOf(const scenario::Step& step);

// Whether all of it is.
bool IsSeenWhole(const scenario::Step& step);

// How many observations of the case show something.
std::size_t CountSeen(const scenario::Case& scenario);

}  // namespace cmb::conformance::engine
