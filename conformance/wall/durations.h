// The greatest time of which every duration of a case is a multiple: how coarse a clock may be on
// which the case is played. Called by RunOnWall. Pure. Scenario language, sections 1 to 4.
#pragma once

#include <cstdint>

#include "conformance/scenario/model.h"

namespace cmb::conformance::wall {

// At least 1. What only the run shows is not in it.
std::uint64_t CommonUnitMs(const scenario::Case& scenario);

// How long its steps last, as far as they say so themselves.
std::uint64_t LengthMs(const scenario::Case& scenario);

}  // namespace cmb::conformance::wall
