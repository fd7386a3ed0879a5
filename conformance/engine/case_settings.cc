#include "conformance/engine/case_settings.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "conformance/engine/random_source.h"

namespace cmb::conformance::engine {
namespace {

// 2023-11-14T22:13:20Z: a wall time that is the same in every run.
constexpr std::uint64_t kWallBaseMs = 1'700'000'000'000;

template <class Set>
void Put(const std::optional<scenario::Milliseconds>& duration, Set set) {
  if (duration) {
    set(static_cast<std::uint64_t>(duration->count()));
  }
}

control::v1::Limits LimitsOf(const scenario::Config& config) {
  control::v1::Limits limits;
  limits.set_payload_bytes(config.payload.value_or(0));
  limits.set_header_bytes(config.header.value_or(0));
  limits.set_queue_per_target(static_cast<std::uint32_t>(config.queue_per_target.value_or(0)));
  limits.set_in_flight(static_cast<std::uint32_t>(config.in_flight.value_or(0)));
  limits.set_dedup(static_cast<std::uint32_t>(config.dedup.value_or(0)));
  limits.set_batch(static_cast<std::uint32_t>(config.batch.value_or(0)));
  limits.set_records(static_cast<std::uint32_t>(config.records.value_or(0)));
  limits.set_marks(static_cast<std::uint32_t>(config.marks.value_or(0)));
  limits.set_dead_letters(static_cast<std::uint32_t>(config.dead_letters.value_or(0)));
  limits.set_source_shares(static_cast<std::uint32_t>(config.source_shares.value_or(0)));
  return limits;
}

control::v1::CircuitSettings CircuitOf(const scenario::Circuit& circuit) {
  control::v1::CircuitSettings settings;
  if (circuit.outcomes) {
    settings.set_outcomes(static_cast<std::uint32_t>(*circuit.outcomes));
  }
  if (circuit.failures) {
    settings.set_failures(static_cast<std::uint32_t>(*circuit.failures));
  }
  Put(circuit.window, [&](auto ms) { settings.set_window_ms(ms); });
  Put(circuit.open, [&](auto ms) { settings.set_open_ms(ms); });
  Put(circuit.slow, [&](auto ms) { settings.set_slow_ms(ms); });
  for (const ack::v1::ErrorCode code : circuit.failure_codes) {
    settings.add_failure_codes(code);
  }
  return settings;
}

std::optional<BadKey> BadKeyOf(scenario::Peer::Key key) {
  switch (key) {
    case scenario::Peer::Key::kWrong:
      return BadKey::kForeign;
    case scenario::Peer::Key::kBorrowed:
      return BadKey::kBorrowed;
    case scenario::Peer::Key::kNone:
      return BadKey::kNone;
    case scenario::Peer::Key::kUnsaid:
    case scenario::Peer::Key::kRight:
      break;
  }
  return std::nullopt;
}

control::v1::Settings ControlSettings(const scenario::Case& scenario) {
  const scenario::Config& config = scenario.config;
  control::v1::Settings settings;
  *settings.mutable_limits() = LimitsOf(config);
  Put(config.reconcile_window, [&](auto ms) { settings.set_reconcile_window_ms(ms); });
  Put(config.key_window, [&](auto ms) { settings.set_key_window_ms(ms); });
  Put(config.dead_letter, [&](auto ms) { settings.set_dead_letter_ms(ms); });
  Put(config.max_latency, [&](auto ms) { settings.set_max_latency_ms(ms); });
  Put(config.max_ttl, [&](auto ms) { settings.set_max_ttl_ms(ms); });
  if (config.max_deliveries) {
    settings.set_max_deliveries(*config.max_deliveries);
  }
  for (const double factor : config.jitter) {
    settings.add_jitter_factors(factor);
  }
  if (config.circuit != scenario::Circuit{}) {
    *settings.mutable_circuit() = CircuitOf(config.circuit);
  }
  settings.set_wall_base_ms(kWallBaseMs);
  return settings;
}

OtherRouters OtherRoutersOf(const scenario::Config& config) {
  return config.second_router.empty()
             ? OtherRouters()
             : OtherRouters{{scenario::kSecondRouter, config.second_router}};
}

}  // namespace

std::string ModuleIdOf(ack::v1::Role role) {
  switch (role) {
    case ack::v1::ROLE_SENDER:
      return "sender";
    case ack::v1::ROLE_TARGET:
      return "target";
    case ack::v1::ROLE_ROUTER:
    case ack::v1::ROLE_UNSPECIFIED:
    default:  // An open enum.
      break;
  }
  return kRouterId;
}

SocketLayout LayoutOf(const scenario::Case& scenario) {
  return SocketLayout(scenario.config.channels, OtherRoutersOf(scenario.config));
}

CaseSettings SettingsOf(const scenario::Case& scenario, const std::string& id_prefix,
                        std::uint64_t seed) {
  CaseSettings settings;
  settings.role = scenario.role;
  settings.module_id = ModuleIdOf(scenario.role);
  settings.channels = scenario.config.channels;
  settings.other_routers = OtherRoutersOf(scenario.config);
  std::set<std::string> connected{"sender", "target"};
  std::set<std::string> absent;
  for (const auto& [name, peer] : scenario.peers) {
    (peer.connected ? connected : absent).insert(name);
    if (!peer.connected) {
      connected.erase(name);
    }
  }
  // Whom messages are addressed to without being anybody's peer never connects.
  for (const auto& [alias, message] : scenario.messages) {
    if (connected.count(message.to) == 0) {
      absent.insert(message.to);
    }
  }
  if (scenario.role == ack::v1::ROLE_ROUTER) {  // Only there a connection tells who is reached.
    std::set_difference(scenario.named.begin(), scenario.named.end(), connected.begin(),
                        connected.end(), std::inserter(absent, absent.end()));
  }
  connected.erase(settings.module_id);
  connected.erase("router");  // The suite's own: what `peers` says of it is in its headers.
  absent.erase(settings.module_id);
  for (const auto& [name, peer] : scenario.peers) {
    settings.curve = settings.curve || peer.key != scenario::Peer::Key::kUnsaid;
    if (const auto bad =
            name.starts_with('@') && peer.connected ? BadKey::kBorrowed : BadKeyOf(peer.key)) {
      settings.bad_keys[name] = *bad;
      connected.erase(name);
    }
  }
  settings.connected.assign(connected.begin(), connected.end());
  settings.absent.assign(absent.begin(), absent.end());
  settings.fills = scenario::ModulesFilled(scenario);
  settings.settings = ControlSettings(scenario);
  settings.settings.set_seed(seed ^ HashOf(scenario.id));
  settings.settings.set_id_prefix(id_prefix);
  return settings;
}

}  // namespace cmb::conformance::engine
