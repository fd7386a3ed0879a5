// What the shells send through and what they are handed: multipart messages on
// numbered sockets. A role's shell sees only this interface; behind it stand
// ZeroMQ sockets (ZmqTransport) or a test's list.
//
// Which socket is which says socket_map.h. Threads: one owner.
// Spec: chapter "Wire binding".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "reference/lifecycle/types.h"
#include "reference/shell/socket_map.h"

namespace cmb::reference {

struct Inbound {
  std::size_t socket = 0;
  // Routing id of the connection it came by; an endpoint, which has one
  // connection a socket, leaves it empty.
  std::string peer;
  // Router with CURVE: the module to which the connection's key is bound.
  // Absent: no CURVE.
  std::optional<std::string> key_owner{};
  std::vector<zmq::message_t> frames{};  // Without the routing envelope.
  std::size_t more_frames = 0;           // That it had behind these.
  lifecycle::Duration stall{};           // For so long it may have waited unread (CMB-TMR-012).
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

}  // namespace cmb::reference
