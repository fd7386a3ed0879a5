#include "reference/program/router_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>

namespace cmb::reference {
namespace {

constexpr unsigned kLastPort = 65535;

std::string Address(const RouterSetup& setup, std::uint64_t port) {
  return port == 0 ? setup.bind + ":*" : fmt::format("{}:{}", setup.bind, port);
}

// Port 0 is any. What civetweb reads more into a port ("443s", "80r", a list) is no
// address.
bool IsPort(const std::string& text) {
  return !text.empty() && text.size() <= 5 &&
         text.find_first_not_of("0123456789") == std::string::npos && std::stoul(text) <= kLastPort;
}

bool IsHostAndPort(const std::string& text) {
  const auto colon = text.rfind(':');
  return colon != std::string::npos && colon > 0 && IsPort(text.substr(colon + 1)) &&
         text.find_first_of(":/, ") == colon;
}

// Absent: it is not NAME=PORT.
std::optional<ChannelAddress> ChannelOf(const RouterSetup& setup, const std::string& text) {
  const auto equals = text.find('=');
  const std::string port = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (equals == 0 || !IsPort(port)) {
    return std::nullopt;
  }
  return ChannelAddress{text.substr(0, equals), Address(setup, std::stoul(port))};
}

void CheckChannels(const RouterSetup& setup, std::vector<std::string>& faults) {
  std::set<std::string> names;
  for (const auto& text : setup.channels) {
    const auto channel = ChannelOf(setup, text);
    if (!channel) {
      faults.push_back(
          fmt::format("channel: \"{}\" is not NAME=PORT, for example main=6001", text));
    } else if (!names.insert(channel->name).second) {
      faults.push_back(fmt::format("channel: \"{}\" stands twice; leave one", channel->name));
    }
  }
  if (setup.channels.empty()) {
    faults.push_back("channel: at least one is needed, for example main=6001");
  }
}

lifecycle::Profile ProfileOf(const std::string& word) {
  return word == "BASIC"     ? lifecycle::Profile::kBasic
         : word == "TRACKED" ? lifecycle::Profile::kTracked
                             : lifecycle::Profile::kDurable;
}

}  // namespace

std::vector<std::string> Complete(RouterSetup& setup) {
  std::vector<std::string> faults;
  CheckChannels(setup, faults);
  if (setup.profile.empty()) {
    setup.profile = setup.store.empty() ? "TRACKED" : "DURABLE";
  } else if (setup.profile == "DURABLE" && setup.store.empty()) {
    faults.push_back("profile: DURABLE needs a store that outlives the program; set store too");
  }
  if (setup.curve_key.empty() != setup.curve_allow.empty()) {
    faults.push_back(fmt::format("{}: CURVE needs the router's keys and the allow-list; set {} too",
                                 setup.curve_key.empty() ? "curve_allow" : "curve_key",
                                 setup.curve_key.empty() ? "curve_key" : "curve_allow"));
  }
  if (!setup.metrics.empty() && !IsHostAndPort(setup.metrics)) {
    faults.push_back(
        fmt::format("metrics: \"{}\" is not HOST:PORT, for example 127.0.0.1:9464", setup.metrics));
  }
  if (setup.heartbeat_timeout_ms > setup.max_latency_ms) {  // CMB-TMR-009.
    faults.push_back(
        fmt::format("heartbeat_timeout_ms: {} is above max_latency_ms, {}; lower it, or raise that",
                    setup.heartbeat_timeout_ms, setup.max_latency_ms));
  }
  if (setup.frame_bytes <= std::max(setup.payload_bytes, setup.header_bytes)) {
    faults.push_back(
        "frame_bytes: must be above payload_bytes and header_bytes, or what is too large is cut "
        "off instead of refused by name");
  }
  return faults;
}

RouterOptions OptionsOf(const RouterSetup& setup) {
  RouterOptions options;
  options.channels.clear();
  for (const auto& text : setup.channels) {
    options.channels.push_back(*ChannelOf(setup, text));
  }
  options.ack_ingress = Address(setup, setup.ack_ingress);
  options.ack_egress = Address(setup, setup.ack_egress);
  options.high_water_mark = static_cast<int>(setup.high_water_mark);
  options.largest_frame_bytes = static_cast<std::int64_t>(setup.frame_bytes);
  options.heartbeat_timeout_ms = static_cast<int>(setup.heartbeat_timeout_ms);
  options.store = setup.store;
  options.durability = setup.fsync ? Durability::kMachine : Durability::kProcess;
  if (!setup.curve_key.empty()) {
    options.curve = CurveRouter{ReadCurveKeys(setup.curve_key), ReadAllowList(setup.curve_allow)};
  }
  options.metrics = setup.metrics;
  auto& settings = options.settings;
  settings.header_bytes = setup.header_bytes;
  settings.batch_ack = setup.batch_ack;
  settings.batch = setup.batch;
  settings.delivery_ack = lifecycle::SaturatedMs(setup.delivery_ack_ms);
  auto& core = settings.core;
  core.profile = ProfileOf(setup.profile);
  core.max_deliveries = static_cast<std::uint32_t>(setup.max_deliveries);
  core.max_latency = lifecycle::SaturatedMs(setup.max_latency_ms);
  core.dead_letter = lifecycle::SaturatedMs(setup.dead_letter_ms);
  core.key_window = lifecycle::SaturatedMs(setup.key_window_ms);
  core.max_ttl = lifecycle::SaturatedMs(setup.max_ttl_ms);
  core.payload_bytes = setup.payload_bytes;
  core.metadata_pairs = setup.metadata_pairs;
  core.queue_per_target = setup.queue_per_target;
  core.records = setup.records;
  core.marks = setup.marks;
  core.dead_letters = setup.dead_letters;
  core.source_shares = setup.source_shares;
  core.hash_seed = std::random_device{}();
  for (const auto& module : setup.operators) {
    core.operators.insert(lifecycle::ModuleId(module));
  }
  return options;
}

}  // namespace cmb::reference
