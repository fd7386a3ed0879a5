// Keeps what an endpoint cannot hand to a connected router, in its own memory
// and not in libzmq, so that the life of a message goes on running while it
// waits (CMB-WIRE-005). Messages, but not ACKs, also wait until the paths have
// been proven by a PING (CMB-WIRE-016).
//
// A Transport around the sockets, used by ModuleEndpoint. Threads: one owner.
// Spec: chapter "Wire binding", sockets.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "cmb/ack/v1/message.pb.h"
#include "reference/shell/clock.h"
#include "reference/shell/transport.h"

namespace cmb::reference {

// Frames that may wait; beyond it Send says kFull.
inline constexpr std::size_t kOutboxFrames = 10'000;

class Outbox : public Transport {
 public:
  // Both outlive the outbox.
  Outbox(Transport& next, const Clock& clock, std::size_t capacity = kOutboxFrames)
      : next_(next), clock_(clock), capacity_(capacity) {}

  // Of a message's copies only the latest waits.
  SendResult Send(std::size_t socket, std::string_view peer, std::string_view header,
                  zmq::message_t payload) override;

  // Messages need not wait for a PING any more.
  void Release() { released_ = true; }

  // Sends what can be sent now, each socket in order; forgets what has expired.
  void Flush();

  bool empty() const { return waiting_.empty(); }

 private:
  struct Frame {
    std::size_t socket = 0;
    std::string peer;
    ack::v1::CognitiveMessage header;
    zmq::message_t payload;
    std::uint64_t since_ms = 0;
  };

  // False: it must go on waiting.
  bool Leave(Frame& frame);
  bool HasWaiting(std::size_t socket) const;

  Transport& next_;
  const Clock& clock_;
  std::size_t capacity_;
  bool released_ = false;
  std::deque<Frame> waiting_;
};

}  // namespace cmb::reference
