// What the shells send through and what they are handed: multipart messages on
// numbered sockets. A role's shell sees only this interface; behind it stand
// ZeroMQ sockets (ZmqTransport) or a test's list.
//
// Sockets are numbered in Configure order: the message channels 0..n-1, then
// the ACK ingress, then the ACK egress. Threads: one owner.
// Spec: chapter "Wire binding".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

namespace cmb::reference {

enum class SocketKind { kChannel, kAckIngress, kAckEgress };

struct Inbound {
  std::size_t socket = 0;
  // Routing id of the connection it came by; an endpoint, which has one
  // connection a socket, leaves it empty.
  std::string peer;
  // Router with CURVE: the module to which the connection's key is bound.
  // Absent: no CURVE.
  std::optional<std::string> key_owner{};
  std::vector<zmq::message_t> frames{};  // Without the routing envelope.
};

enum class SendResult {
  kSent,        // Handed to ZeroMQ; never a promise that it arrives.
  kUnroutable,  // A router has no connection of that routing id.
  kWaits,       // An outbox has it, which lasts as long as the process.
  kFull,        // No room, or (endpoint) no connection at the moment.
};

// True: it went nowhere and waits nowhere.
inline bool IsLost(SendResult result) {
  return result == SendResult::kUnroutable || result == SendResult::kFull;
}

class Transport {
 public:
  virtual ~Transport() = default;

  // Never blocks. `peer` is ignored by an endpoint. The payload is moved, not
  // copied.
  virtual SendResult Send(std::size_t socket, std::string_view peer, std::string_view header,
                          zmq::message_t payload) = 0;

  // CURVE: handshakes that were refused (CMB-SEC-009).
  virtual std::uint64_t refused_connections() const { return 0; }
};

// Which socket is which.
class SocketMap {
 public:
  // Channel names in Configure order; at least one.
  explicit SocketMap(std::vector<std::string> channels) : channels_(std::move(channels)) {}

  std::size_t size() const { return channels_.size() + 2; }
  std::size_t ingress() const { return channels_.size(); }
  std::size_t egress() const { return channels_.size() + 1; }
  const std::vector<std::string>& channels() const { return channels_; }

  SocketKind KindOf(std::size_t socket) const {
    return socket < ingress()    ? SocketKind::kChannel
           : socket == ingress() ? SocketKind::kAckIngress
                                 : SocketKind::kAckEgress;
  }

  // Number of the channel of that name, or -1.
  int Find(std::string_view channel) const {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      if (channels_[i] == channel) {
        return static_cast<int>(i);
      }
    }
    return -1;
  }

  const std::string& NameOf(std::size_t channel) const { return channels_.at(channel); }

 private:
  std::vector<std::string> channels_;
};

}  // namespace cmb::reference
