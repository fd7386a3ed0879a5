#include "reference/shell/socket_map.h"

#include <utility>

namespace cmb::reference {

SocketMap::SocketMap(std::vector<std::string> channels) { Add({"", std::move(channels)}); }

SocketMap SocketMap::OfRouters(const std::vector<RouterSockets>& routers) {
  SocketMap map;
  for (const auto& router : routers) {
    map.Add(router);
  }
  return map;
}

void SocketMap::Add(const RouterSockets& router) {
  const std::size_t number = routers_.size();
  routers_.push_back(router.router);
  for (const auto& channel : router.channels) {
    channels_.push_back(channel);
    sockets_.push_back({SocketKind::kChannel, number, channel});
  }
  ingress_.push_back(sockets_.size());
  sockets_.push_back({SocketKind::kAckIngress, number, {}});
  sockets_.push_back({SocketKind::kAckEgress, number, {}});
}

int SocketMap::Find(std::string_view channel) const {
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    if (sockets_[i].kind == SocketKind::kChannel && sockets_[i].channel == channel) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

int SocketMap::FindRouter(std::string_view router) const {
  for (std::size_t i = 0; i < routers_.size(); ++i) {
    if (routers_[i] == router) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace cmb::reference
