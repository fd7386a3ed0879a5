#include "conformance/oracle/tables/waits.h"

#include <cmath>

namespace cmb::conformance::oracle::tables {

std::uint64_t Rounded(double wait_ms) {
  return static_cast<std::uint64_t>(std::floor(wait_ms + 0.5));
}

Wait Jitter::Of(double base_ms) const {
  const auto& factors = settings_.jitter_factors();
  if (factors.empty()) {
    return {Rounded(base_ms * 0.5), Rounded(base_ms * 1.5)};
  }
  const std::uint64_t wait_ms = Rounded(base_ms * factors.Get(std::min(used_, factors.size() - 1)));
  return {wait_ms, wait_ms};
}

std::string_view RequirementOfWaits(const ack::v1::DeliveryPolicy& policy,
                                    const control::v1::Settings& settings) {
  const bool by_default = !policy.has_backoff_first_ms() || !policy.has_backoff_max_ms() ||
                          !policy.has_backoff_factor() || std::isnan(policy.backoff_factor());
  const bool outside = policy.backoff_first_ms() > kLongestWaitMs ||
                       policy.backoff_max_ms() > kLongestWaitMs ||
                       (policy.has_backoff_factor() &&
                        (policy.backoff_factor() < 1.0 || policy.backoff_factor() > 10.0));
  return outside                             ? "CMB-RTR-037"
         : settings.jitter_factors().empty() ? "CMB-RTY-009"
         : by_default                        ? "CMB-TMR-002"
                                             : "CMB-RTY-008";
}

}  // namespace cmb::conformance::oracle::tables
