#include "conformance/engine/evenness.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace cmb::conformance::engine {
namespace {

constexpr double kLow = 0.5;
constexpr double kHigh = 1.5;
constexpr double kRounded = 0.001;  // A wait is a whole number of milliseconds.
constexpr std::size_t kLeast = 200;
constexpr std::size_t kParts = 4;
constexpr double kDeviations = 6;

using Parts = std::array<std::size_t, kParts>;

Parts Counted(const std::vector<double>& factors) {
  Parts parts{};
  for (const double factor : factors) {
    const double place = (factor - kLow) / (kHigh - kLow) * static_cast<double>(kParts);
    parts[std::min(static_cast<std::size_t>(std::max(place, 0.0)), kParts - 1)] += 1;
  }
  return parts;
}

bool IsFar(std::size_t count, double all, double share) {
  const double deviation = std::sqrt(all * share * (1 - share));
  return std::abs(static_cast<double>(count) - all * share) > kDeviations * deviation;
}

}  // namespace

std::optional<std::string> Unevenness(const std::vector<double>& factors) {
  if (factors.size() < kLeast) {
    return fmt::format("{} waits, {} are needed", factors.size(), kLeast);
  }
  for (const double factor : factors) {
    if (factor < kLow - kRounded || factor > kHigh + kRounded) {
      return fmt::format("a wait of {:.3f} times its backoff", factor);
    }
  }
  const std::set<double> different(factors.begin(), factors.end());
  if (different.size() * 2 < factors.size()) {
    return fmt::format("{} different factors in {} waits", different.size(), factors.size());
  }
  const Parts parts = Counted(factors);
  const auto all = static_cast<double>(factors.size());
  if (std::any_of(parts.begin(), parts.end(),
                  [&](std::size_t count) { return IsFar(count, all, 1.0 / kParts); })) {
    return fmt::format("{} waits, by quarters from 0.5 to 1.5: {}", factors.size(),
                       fmt::join(parts, ", "));
  }
  return std::nullopt;
}

}  // namespace cmb::conformance::engine
