// Which socket of a module is which: the numbers that Transport and Inbound use.
//
// Router by router: its message channels in the order of the configuration, then
// its ACK ingress, then its ACK egress. A router has its own sockets alone, most
// endpoints those of one router. A value. Spec: chapter "Wire binding", sockets;
// 18.1.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cmb::reference {

enum class SocketKind { kChannel, kAckIngress, kAckEgress };

// What an endpoint has of one router.
struct RouterSockets {
  std::string router;                 // As lifecycle::RouterName; empty: the first.
  std::vector<std::string> channels;  // At least one; no name twice among all routers.
};

class SocketMap {
 public:
  // One router with these channels.
  explicit SocketMap(std::vector<std::string> channels);
  // At least one; no name twice.
  static SocketMap OfRouters(const std::vector<RouterSockets>& routers);

  std::size_t size() const { return sockets_.size(); }
  // Channels of all routers, in order.
  const std::vector<std::string>& channels() const { return channels_; }
  // Names of the routers, in order.
  const std::vector<std::string>& routers() const { return routers_; }

  SocketKind KindOf(std::size_t socket) const { return sockets_.at(socket).kind; }
  // Number of its router, from 0.
  std::size_t RouterOf(std::size_t socket) const { return sockets_.at(socket).router; }
  std::size_t ingress(std::size_t router = 0) const { return ingress_.at(router); }
  std::size_t egress(std::size_t router = 0) const { return ingress_.at(router) + 1; }

  // Socket of the channel of that name, or -1.
  int Find(std::string_view channel) const;
  // Number of the router of that name, or -1.
  int FindRouter(std::string_view router) const;
  // REQUIRES: the socket is a channel's.
  const std::string& NameOf(std::size_t socket) const { return sockets_.at(socket).channel; }

 private:
  struct Socket {
    SocketKind kind = SocketKind::kChannel;
    std::size_t router = 0;
    std::string channel;
  };

  SocketMap() = default;
  void Add(const RouterSockets& router);

  std::vector<Socket> sockets_;
  std::vector<std::string> channels_;
  std::vector<std::string> routers_;
  std::vector<std::size_t> ingress_;  // By router.
};

}  // namespace cmb::reference
