// The ranges of a delivery policy. A sender refuses what is outside them, a
// router uses the nearest bound. Spec: chapter timers, table of the policy.
#pragma once

#include <optional>
#include <string>

#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

inline constexpr Duration kLongestWait{604800000};  // Seven days.
inline constexpr std::uint32_t kMostRetries = 100;
inline constexpr double kLowestBackoffFactor = 1.0;
inline constexpr double kHighestBackoffFactor = 10.0;
inline constexpr std::size_t kMostRetryableCodes = 32;

// A sentence about the first field outside its range; none: the policy is good.
std::optional<std::string> PolicyFault(const DeliveryPolicy& policy);

// CMB-RTR-037: every value outside its range is replaced by the nearest bound.
DeliveryPolicy WithinBounds(DeliveryPolicy policy);

}  // namespace cmb::lifecycle
