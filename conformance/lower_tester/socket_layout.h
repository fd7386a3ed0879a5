// The data sockets of one case by number and by name. The number is the place in Configure: the
// message channels, then the ACK ingress, then the ACK egress; then the same of each other router
// (fallback). It is the first key of the order in which frames of one Advance are handled. Values;
// any thread. Spec: chapters wire binding, control channel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cmb::conformance {

using SocketNumber = std::size_t;

// Name and channels of each router but the first, which has no name.
using OtherRouters = std::vector<std::pair<std::string, std::vector<std::string>>>;

class SocketLayout {
 public:
  struct Router {
    std::string name;
    std::vector<std::string> channels;
    SocketNumber first = 0;  // Its first channel.
    SocketNumber ingress() const { return first + channels.size(); }
    SocketNumber egress() const { return ingress() + 1; }
  };

  explicit SocketLayout(std::vector<std::string> channels, const OtherRouters& others = {}) {
    routers_.push_back({"", std::move(channels), 0});
    for (const auto& [name, own] : others) {
      routers_.push_back({name, own, size()});
    }
  }

  std::size_t size() const { return routers_.back().egress() + 1; }
  // The first is that of every case; only an endpoint has others.
  const std::vector<Router>& routers() const { return routers_; }
  SocketNumber ingress() const { return routers_.front().ingress(); }
  SocketNumber egress() const { return routers_.front().egress(); }
  const std::vector<std::string>& channels() const { return routers_.front().channels; }

  // Place of the router that a socket belongs to. REQUIRES: socket < size().
  std::size_t RouterOf(SocketNumber socket) const {
    std::size_t router = 0;
    while (socket > routers_[router].egress()) {
      ++router;
    }
    return router;
  }

  bool IsChannel(SocketNumber socket) const {
    return socket < size() && socket < routers_[RouterOf(socket)].ingress();
  }

  // "main", "ack_ingress", "ack_egress/NAME". REQUIRES: socket < size().
  std::string Name(SocketNumber socket) const {
    const Router& router = routers_[RouterOf(socket)];
    if (socket < router.ingress()) {
      return router.channels[socket - router.first];
    }
    const std::string kind = socket == router.ingress() ? "ack_ingress" : "ack_egress";
    return router.name.empty() ? kind : kind + "/" + router.name;
  }

  // Absent: no socket has that name.
  std::optional<SocketNumber> Find(const std::string& name) const {
    for (SocketNumber socket = 0; socket < size(); ++socket) {
      if (Name(socket) == name) {
        return socket;
      }
    }
    return std::nullopt;
  }

 private:
  std::vector<Router> routers_;
};

}  // namespace cmb::conformance
