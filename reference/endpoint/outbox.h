// Keeps what an endpoint cannot hand to a connected router, in its own memory
// and not in libzmq, so that the life of a message goes on running while it
// waits (CMB-WIRE-005). Messages, but not ACKs, also wait until the paths of
// their router have been proven by a PING (CMB-WIRE-016).
//
// A Transport around the sockets, used by ModuleEndpoint. Threads: one owner.
// Spec: chapter "Wire binding", sockets.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "cmb/ack/v1/message.pb.h"
#include "reference/shell/ack_meter.h"
#include "reference/shell/clock.h"
#include "reference/shell/transport.h"

namespace cmb::reference {

// Frames that may wait for one socket, so that a router which is away takes no
// room from another; beyond it Send says kFull.
inline constexpr std::size_t kOutboxFrames = 10'000;

class Outbox : public Transport {
 public:
  // All outlive the outbox. `meter` hears of the ACKs that waited once they are handed
  // over, if it is not null.
  Outbox(Transport& next, const Clock& clock, std::size_t capacity = kOutboxFrames,
         AckMeter* meter = nullptr)
      : next_(next), clock_(clock), capacity_(capacity), meter_(meter) {}

  // Of a message's copies only the latest waits, whichever socket it is for (CMB-WIRE-027).
  SendResult Send(std::size_t socket, std::string_view peer, std::string_view header,
                  zmq::message_t payload) override;

  // Messages for that socket need not wait for a PING any more.
  void Release(std::size_t socket) { released_.insert(socket); }

  // Sends what can be sent now, each socket in order; forgets what has expired.
  void Flush();

  bool empty() const { return waiting_.empty(); }
  // Frames that wait, for whichever socket, and in which role the module speaks in them.
  std::map<ack::v1::Role, std::size_t> depths() const;

 private:
  struct Frame {
    std::string peer;
    ack::v1::CognitiveMessage header;
    zmq::message_t payload;
    std::uint64_t since_ms = 0;
  };

  // False: it must go on waiting.
  bool Leave(std::size_t socket, Frame& frame);
  void ForgetCopy(const std::string& message_id);

  Transport& next_;
  const Clock& clock_;
  std::size_t capacity_;
  AckMeter* meter_;
  std::set<std::size_t> released_;
  std::map<std::size_t, std::deque<Frame>> waiting_;  // By socket; none is empty.
  std::map<std::string, std::size_t> copies_;         // Messages among them, and their socket.
};

}  // namespace cmb::reference
