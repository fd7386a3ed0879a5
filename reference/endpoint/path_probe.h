// Proves with PINGs that every path of an endpoint is up: each message channel,
// and the way from the ACK ingress to the ACK egress of each router.
//
// Used by ModuleEndpoint before its first message. Threads: one owner. Spec:
// chapter "Wire binding", PING (CMB-WIRE-016).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "reference/shell/clock.h"
#include "reference/shell/transport.h"

namespace cmb::reference {

// Unanswered PINGs are repeated this often, each with a fresh nonce; after so
// many rounds the router is taken to be away, and looked for less often.
inline constexpr std::uint64_t kProbeEveryMs = 20;
inline constexpr std::uint64_t kProbeRounds = 50;
inline constexpr std::uint64_t kProbeAwayEveryMs = 1000;

class PathProbe {
 public:
  // Transport and clock outlive the probe. `takes_batches`: what its PINGs say of
  // this module (CMB-BAT-005).
  PathProbe(std::string module_id, const SocketMap& sockets, Transport& transport,
            const Clock& clock, bool takes_batches = true);

  // Sends what is due. Nothing once every path is up.
  void Tick();

  // A PONG came. One that answers nothing is forgotten.
  void OnPong(const ack::v1::CognitiveMessage& header);

  bool done() const { return unproven_.empty(); }
  // Every path of that router is up.
  bool done(std::size_t router) const;

  // When Tick sends next. REQUIRES: not done.
  std::uint64_t next_ms() const { return next_ms_; }

 private:
  struct Path {
    std::size_t socket = 0;
    std::size_t router = 0;
    std::string nonce;  // Of the last PING on it.
  };

  std::string module_id_;
  Transport& transport_;
  const Clock& clock_;
  bool takes_batches_;
  std::string nonce_prefix_;
  std::uint64_t nonces_ = 0;
  std::uint64_t rounds_ = 0;
  std::uint64_t next_ms_ = 0;
  std::vector<Path> unproven_;
};

}  // namespace cmb::reference
