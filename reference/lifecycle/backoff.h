// The wait before a re-send or a redelivery. Pure arithmetic; randomness comes
// from the shell as a JitterSource. Spec: chapter timers and retry.
#pragma once

#include <cstdint>
#include <functional>

#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

// Called once for each wait; gives its factor. The protocol wants 0.5 to 1.5;
// what is given outside is brought inside.
using JitterSource = std::function<double()>;

inline constexpr double kJitterLowest = 0.5;
inline constexpr double kJitterHighest = 1.5;

// The wait before re-send or redelivery number `n`, from 1:
// min(max, first * factor^(n-1)) * jitter, to the nearest millisecond.
Duration BackoffWait(const DeliveryPolicy& policy, std::uint32_t n, double jitter);

// Takes one factor from `source`, 1.0 if there is no source, and computes.
Duration NextBackoff(const DeliveryPolicy& policy, std::uint32_t n, const JitterSource& source);

}  // namespace cmb::lifecycle
