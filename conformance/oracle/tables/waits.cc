#include "conformance/oracle/tables/waits.h"

#include <cmath>

namespace cmb::conformance::oracle::tables {
namespace {

// CMB-RTY-008: a half up.
std::uint64_t Rounded(double wait_ms) {
  return static_cast<std::uint64_t>(std::floor(wait_ms + 0.5));
}

}  // namespace

Wait Jitter::Of(double base_ms) const {
  const auto& factors = settings_.jitter_factors();
  if (factors.empty()) {
    return {Rounded(base_ms * 0.5), Rounded(base_ms * 1.5)};
  }
  const std::uint64_t wait_ms = Rounded(base_ms * factors.Get(std::min(used_, factors.size() - 1)));
  return {wait_ms, wait_ms};
}

std::string_view RequirementOfWaits(const control::v1::Settings& settings) {
  return settings.jitter_factors().empty() ? "CMB-RTY-009" : "CMB-RTY-008";
}

}  // namespace cmb::conformance::oracle::tables
