#include "reference/lifecycle/backoff.h"

#include <algorithm>
#include <cmath>

namespace cmb::lifecycle {

// CMB-RTY-008.
Duration BackoffWait(const DeliveryPolicy& policy, std::uint32_t n, double jitter) {
  const double longest = static_cast<double>(policy.backoff_max.count());
  double wait = static_cast<double>(policy.backoff_first.count());
  // A loop instead of pow: exact for whole factors, and it stops at the bound.
  for (std::uint32_t i = 1; i < n && wait < longest && wait > 0; ++i) {
    wait *= policy.backoff_factor;
    if (policy.backoff_factor <= 1.0) {
      break;
    }
  }
  return Duration{static_cast<Duration::rep>(std::llround(std::min(wait, longest) * jitter))};
}

// CMB-RTY-009: a factor of its own for each wait.
Duration NextBackoff(const DeliveryPolicy& policy, std::uint32_t n, const JitterSource& source) {
  const double drawn = source ? source() : 1.0;
  return BackoffWait(policy, n, std::clamp(drawn, kJitterLowest, kJitterHighest));
}

}  // namespace cmb::lifecycle
