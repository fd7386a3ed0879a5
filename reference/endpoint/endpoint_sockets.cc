#include "reference/endpoint/endpoint_sockets.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace cmb::reference {
namespace {

constexpr std::size_t kLongestModuleId = 255;

// The first router has no name of its own.
std::vector<RouterAddresses> RoutersOf(const EndpointOptions& options) {
  std::vector<RouterAddresses> routers{
      {{}, options.channels, options.ack_ingress, options.ack_egress, options.curve}};
  routers.insert(routers.end(), options.other_routers.begin(), options.other_routers.end());
  return routers;
}

void AddOnce(std::set<std::string>& names, const std::string& name, const char* kind) {
  if (!names.insert(name).second) {
    throw std::invalid_argument(fmt::format("the {} \"{}\" stands twice", kind, name));
  }
}

}  // namespace

SocketMap SocketMapOf(const EndpointOptions& options) {
  std::set<std::string> routers;
  std::set<std::string> channels;
  std::vector<RouterSockets> sockets;
  for (const auto& router : RoutersOf(options)) {
    AddOnce(routers, router.name, "router");
    if (router.channels.empty()) {
      throw std::invalid_argument(
          fmt::format("an endpoint needs a channel to each router; \"{}\" has none", router.name));
    }
    auto& added = sockets.emplace_back(RouterSockets{router.name, {}});
    for (const auto& channel : router.channels) {
      AddOnce(channels, channel.name, "channel");
      added.channels.push_back(channel.name);
    }
  }
  return SocketMap::OfRouters(sockets);
}

SocketOptions SocketOptionsOf(const EndpointOptions& options) {
  const std::string& id = options.module_id;
  if (id.empty() || id.size() > kLongestModuleId || id.front() == '\0' || id.front() == '@') {
    throw std::invalid_argument("\"" + id + "\" is no module id");
  }
  const auto heartbeat = options.heartbeat_timeout;
  if (heartbeat < std::chrono::milliseconds(3) ||
      std::min(options.sender.max_latency, options.target.max_latency) < heartbeat) {
    throw std::invalid_argument(fmt::format(  // CMB-TMR-009.
        "heartbeat_timeout is {} ms; it must be from 3 ms to max_latency", heartbeat.count()));
  }
  SocketOptions sockets;
  sockets.heartbeat_timeout_ms = static_cast<int>(heartbeat.count());
  sockets.routing_id = id;
  if (options.curve) {
    sockets.curve = *options.curve;
  }
  for (const auto& router : options.other_routers) {
    sockets.other_curves.push_back(router.curve);
  }
  return sockets;
}

std::vector<std::string> AddressesOf(const EndpointOptions& options) {
  std::vector<std::string> addresses;
  for (const auto& router : RoutersOf(options)) {
    for (const auto& channel : router.channels) {
      addresses.push_back(channel.address);
    }
    addresses.push_back(router.ack_ingress);
    addresses.push_back(router.ack_egress);
  }
  return addresses;
}

}  // namespace cmb::reference
