#include "reference/shell/jitter.h"

#include <algorithm>
#include <random>
#include <utility>

namespace cmb::reference {

lifecycle::JitterSource DrawnJitter(std::uint64_t seed) {
  return [engine = std::mt19937_64(seed)]() mutable {
    std::uniform_real_distribution<double> even(lifecycle::kJitterLowest,
                                                lifecycle::kJitterHighest);
    return even(engine);
  };
}

lifecycle::JitterSource ListedJitter(std::vector<double> factors) {
  return [factors = std::move(factors), next = std::size_t{0}]() mutable {
    const double factor = factors.at(std::min(next, factors.size() - 1));
    ++next;
    return factor;
  };
}

}  // namespace cmb::reference
