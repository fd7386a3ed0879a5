#include "conformance/oracle/tables/sender_sends.h"

#include <algorithm>

#include "conformance/oracle/tables/sender_record.h"
#include "conformance/oracle/tables/waits.h"

namespace cmb::conformance::oracle::tables::sender {
namespace {

bool IsOutside(const ack::v1::DeliveryPolicy& policy) {
  const auto too_long = [](std::uint64_t ms) { return ms > kLongestWaitMs; };
  const double factor = policy.has_backoff_factor() ? policy.backoff_factor() : 2.0;
  const auto required = policy.required_ack();
  return too_long(policy.router_ack_ms()) || too_long(policy.delivery_ack_ms()) ||
         too_long(policy.execution_ms()) || too_long(policy.backoff_first_ms()) ||
         too_long(policy.backoff_max_ms()) || policy.max_retries() > 100 ||
         !(factor >= 1.0 && factor <= 10.0) ||  // NaN is outside too.
         required < ack::v1::ACK_TYPE_UNSPECIFIED || required > ack::v1::ACK_TYPE_EXECUTION_ACK ||
         policy.retryable_size() > 32 || policy.channels_size() > 8;
}

bool HasChannel(const World& world, const std::string& name) {
  const auto& channels = world.history.transcript().header.channels;
  return std::count(channels.begin(), channels.end(), name) != 0;
}

bool NamesNoChannel(const World& world, const ack::v1::DeliveryPolicy& policy) {
  return world.history.Declares(ack::v1::FEATURE_FALLBACK) &&
         !std::all_of(policy.channels().begin(), policy.channels().end(),
                      [&](const std::string& name) { return HasChannel(world, name); });
}

}  // namespace

bool IsRefused(const World& world, const control::v1::Send& send, std::size_t in_flight,
               std::size_t header_bytes) {
  const auto& settings = world.history.settings();
  const std::uint64_t longest = settings.has_max_ttl_ms() ? settings.max_ttl_ms() : kLongestWaitMs;
  const std::uint32_t bound = settings.limits().in_flight();
  return IsOutside(send.policy()) || NamesNoChannel(world, send.policy()) ||
         !HasChannel(world, send.channel()) || send.target().empty() || send.ttl_ms() > longest ||
         header_bytes > kHeaderBytes || (bound != 0 && in_flight >= bound);
}

}  // namespace cmb::conformance::oracle::tables::sender
