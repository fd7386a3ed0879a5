// Where the factor of each backoff comes from.
//
// Called by whoever makes a core. Threads: one owner. Spec: chapter "Timers and
// retry", jitter.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/lifecycle/backoff.h"

namespace cmb::reference {

// Evenly between 0.5 and 1.5 (CMB-RTY-009); the same seed gives the same factors.
lifecycle::JitterSource DrawnJitter(std::uint64_t seed);

// The factors one after another; the last one repeats. Not empty.
lifecycle::JitterSource ListedJitter(std::vector<double> factors);

}  // namespace cmb::reference
