#include "conformance/lower_tester/wall_scale.h"

namespace cmb::conformance {

std::optional<std::uint64_t> WallScale::ToReal(std::uint64_t ms) const {
  if (ms % unit_ms != 0) {
    return std::nullopt;
  }
  return ms / unit_ms * tick_ms;
}

std::uint64_t WallScale::ToProtocol(std::uint64_t real_ms) const {
  return (real_ms + tick_ms / 2) / tick_ms * unit_ms;
}

std::int64_t WallScale::Lateness(std::uint64_t real_ms) const {
  const std::uint64_t nearest = (real_ms + tick_ms / 2) / tick_ms * tick_ms;
  return static_cast<std::int64_t>(real_ms) - static_cast<std::int64_t>(nearest);
}

}  // namespace cmb::conformance
