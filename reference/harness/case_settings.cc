#include "reference/harness/case_settings.h"

#include <algorithm>
#include <vector>

#include "reference/shell/jitter.h"

namespace cmb::reference {
namespace {

// 0 on the wire means the implementation's own default.
template <class To, class From>
void SetIfGiven(To& to, From from) {
  if (from != 0) {
    to = static_cast<To>(from);
  }
}

void FillCircuit(const control::v1::CircuitSettings& from, lifecycle::CircuitConfig& to) {
  to.outcomes = from.has_outcomes() ? from.outcomes() : to.outcomes;
  to.failures = from.has_failures() ? from.failures() : to.failures;
  to.window = from.has_window_ms() ? GivenMs(from.window_ms()) : to.window;
  to.open = from.has_open_ms() ? GivenMs(from.open_ms()) : to.open;
  if (from.has_slow_ms()) {
    to.slow = GivenMs(from.slow_ms());
  }
  if (!from.failure_codes().empty()) {
    to.failure_codes.clear();
  }
  for (const int code : from.failure_codes()) {
    to.failure_codes.push_back(static_cast<lifecycle::ErrorCode>(code));
  }
}

}  // namespace

EndpointSettings EndpointSettingsOf(const control::v1::Settings& settings, const Claims& claims,
                                    const std::string& module_id, Plays plays) {
  EndpointSettings out;
  out.sender.profile = claims.CoreProfile();
  out.sender.fallback = claims.Has(ack::v1::FEATURE_FALLBACK);
  out.sender.circuit_breaker = claims.Has(ack::v1::FEATURE_CIRCUIT_BREAKER);
  out.target.profile = claims.CoreProfile();
  out.target.conditional_ack = claims.Has(ack::v1::FEATURE_CONDITIONAL_ACK);
  out.target.ordered = claims.Has(ack::v1::FEATURE_ORDERED);
  out.batch_ack = claims.Has(ack::v1::FEATURE_BATCH_ACK);
  out.module_id = module_id;
  out.plays = plays;
  out.id_prefix = settings.id_prefix();
  const auto& limits = settings.limits();
  SetIfGiven(out.header_bytes, limits.header_bytes());
  SetIfGiven(out.batch, std::min<std::uint32_t>(limits.batch(), kLargestBatch));
  SetIfGiven(out.sender.in_flight, limits.in_flight());
  SetIfGiven(out.target.records, limits.dedup());
  SetIfGiven(out.target.source_shares, limits.source_shares());
  FillCircuit(settings.circuit(), out.sender.circuit);
  if (settings.has_reconcile_window_ms()) {
    out.sender.reconcile_window = GivenMs(settings.reconcile_window_ms());
  }
  if (settings.has_key_window_ms()) {
    out.target.key_window = GivenMs(settings.key_window_ms());
  }
  if (settings.has_max_latency_ms()) {
    out.sender.max_latency = GivenMs(settings.max_latency_ms());
    out.target.max_latency = out.sender.max_latency;
  }
  if (settings.has_max_ttl_ms()) {
    out.sender.max_ttl = GivenMs(settings.max_ttl_ms());
  }
  return out;
}

RouterSettings RouterSettingsOf(const control::v1::Settings& settings, const Claims& claims) {
  RouterSettings out;
  out.core.profile = claims.CoreProfile();
  out.batch_ack = claims.Has(ack::v1::FEATURE_BATCH_ACK);
  out.id_prefix = settings.id_prefix();
  const auto& limits = settings.limits();
  SetIfGiven(out.header_bytes, limits.header_bytes());
  SetIfGiven(out.batch, std::min<std::uint32_t>(limits.batch(), kLargestBatch));
  SetIfGiven(out.core.payload_bytes, limits.payload_bytes());
  SetIfGiven(out.core.queue_per_target, limits.queue_per_target());
  SetIfGiven(out.core.records, limits.records());
  SetIfGiven(out.core.marks, limits.marks());
  SetIfGiven(out.core.dead_letters, limits.dead_letters());
  SetIfGiven(out.core.source_shares, limits.source_shares());
  if (settings.has_max_deliveries()) {
    out.core.max_deliveries = settings.max_deliveries();
  }
  if (settings.has_max_latency_ms()) {
    out.core.max_latency = GivenMs(settings.max_latency_ms());
  }
  if (settings.has_key_window_ms()) {
    out.core.key_window = GivenMs(settings.key_window_ms());
  }
  if (settings.has_dead_letter_ms()) {
    out.core.dead_letter = GivenMs(settings.dead_letter_ms());
  }
  if (settings.has_max_ttl_ms()) {
    out.core.max_ttl = GivenMs(settings.max_ttl_ms());
  }
  return out;
}

lifecycle::JitterSource JitterOf(const control::v1::Settings& settings) {
  const auto& factors = settings.jitter_factors();
  return factors.empty() ? DrawnJitter(settings.seed())
                         : ListedJitter(std::vector<double>(factors.begin(), factors.end()));
}

}  // namespace cmb::reference
