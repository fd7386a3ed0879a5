#include "reference/lifecycle/backoff.h"

#include <algorithm>
#include <cmath>

namespace cmb::lifecycle {

// CMB-RTY-008.
Duration BackoffWait(const DeliveryPolicy& policy, std::uint32_t n, double jitter) {
  const double longest = static_cast<double>(policy.backoff_max.count());
  // Bounded, since 0 times infinity is no number.
  const double growth = std::min(std::pow(policy.backoff_factor, n - 1.0), longest);
  const double wait = static_cast<double>(policy.backoff_first.count()) * growth;
  return Duration{static_cast<Duration::rep>(std::llround(std::min(wait, longest) * jitter))};
}

// CMB-RTY-009: a factor of its own for each wait.
Duration NextBackoff(const DeliveryPolicy& policy, std::uint32_t n, const JitterSource& source) {
  const double drawn = source ? source() : 1.0;
  return BackoffWait(policy, n, std::clamp(drawn, kJitterLowest, kJitterHighest));
}

}  // namespace cmb::lifecycle
