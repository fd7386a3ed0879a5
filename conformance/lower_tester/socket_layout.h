// The data sockets of one case by number and by name. The number is the place in Configure: the
// message channels, then the ACK ingress, then the ACK egress. It is the first key of the order in
// which frames of one Advance are handled. Values; any thread. Spec: chapter wire binding.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cmb::conformance {

using SocketNumber = std::size_t;

class SocketLayout {
 public:
  explicit SocketLayout(std::vector<std::string> channels) : channels_(std::move(channels)) {}

  std::size_t size() const { return channels_.size() + 2; }
  SocketNumber ingress() const { return channels_.size(); }
  SocketNumber egress() const { return channels_.size() + 1; }
  bool IsChannel(SocketNumber socket) const { return socket < channels_.size(); }
  const std::vector<std::string>& channels() const { return channels_; }

  // "main", "ack_ingress", "ack_egress". REQUIRES: socket < size().
  std::string Name(SocketNumber socket) const {
    if (IsChannel(socket)) {
      return channels_[socket];
    }
    return socket == ingress() ? "ack_ingress" : "ack_egress";
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
  std::vector<std::string> channels_;
};

}  // namespace cmb::conformance
