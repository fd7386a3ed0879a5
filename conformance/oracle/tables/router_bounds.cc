#include "conformance/oracle/tables/router_bounds.h"

#include <algorithm>

namespace cmb::conformance::oracle::tables::router {
namespace {

constexpr std::uint64_t kWeekMs = 604'800'000;
constexpr std::uint32_t kDefaultShares = 8;

}  // namespace

std::uint64_t Bounds::max_ttl_ms() const {
  const auto& settings = history_.settings();
  return settings.has_max_ttl_ms() ? settings.max_ttl_ms() : kWeekMs;
}

std::uint64_t Bounds::dead_letter_ms() const {
  const auto& settings = history_.settings();
  return settings.has_dead_letter_ms() ? settings.dead_letter_ms() : kWeekMs;
}

std::uint32_t Bounds::max_deliveries() const { return std::max(1U, history_.max_deliveries()); }

std::optional<std::uint64_t> Bounds::payload_bytes() const {
  const std::uint64_t bytes = limits().payload_bytes();
  return bytes == 0 ? std::nullopt : std::optional(bytes);
}

std::optional<std::uint64_t> Bounds::header_bytes() const {
  const std::uint64_t bytes = limits().header_bytes();
  return bytes == 0 ? std::nullopt : std::optional(bytes);
}

bool Bounds::HasRoom(std::uint64_t bound, std::uint64_t held, std::uint64_t held_of_source) const {
  if (bound == 0) {
    return true;
  }
  const std::uint32_t told = limits().source_shares();
  const std::uint64_t shares = told == 0 ? kDefaultShares : told;
  const std::uint64_t share = std::max<std::uint64_t>(1, (bound + shares - 1) / shares);
  return held < bound && (4 * held < 3 * bound || held_of_source < share);
}

std::uint64_t DeliveryPhaseMs(const ack::v1::DeliveryPolicy& policy) {
  return Told(policy).delivery_ack_ms * 9 / 10;
}

}  // namespace cmb::conformance::oracle::tables::router
