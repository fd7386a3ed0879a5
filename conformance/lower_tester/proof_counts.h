// Messages that only prove that a connection came or went. How many it takes depends on the
// machine, so they are kept out of everything that the engine sees. Values; owned by the session.
// Spec: chapter control channel (connections change at quiescent points).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "conformance/lower_tester/bench.h"

namespace cmb::conformance {

// What the nonce of each of their PINGs begins with.
inline constexpr char kProofNonce[] = "@proof-";

struct ProofCounts {
  std::uint64_t received = 0;
  std::vector<std::uint64_t> sent;  // By socket; empty: none.
  std::uint64_t undeliverable = 0;
  std::uint64_t events = 0;  // Those that tell of a PONG without a way back.

  // Takes them out of the counts and the events of `exchange`.
  void SubtractFrom(Exchange& exchange) {
    control::v1::Reply& reply = exchange.reply;
    TakeEventsFrom(reply);
    reply.set_received(reply.received() - received);
    reply.set_undeliverable(reply.undeliverable() - undeliverable);
    for (std::size_t socket = 0; socket < sent.size(); ++socket) {
      std::uint64_t& count = (*reply.mutable_sent_by_socket())[static_cast<int>(socket)];
      count -= sent[socket];
      reply.set_sent(reply.sent() - sent[socket]);
    }
    if (exchange.request.has_advance()) {
      control::v1::Advance& advance = *exchange.request.mutable_advance();
      advance.set_after_received(advance.after_received() - received);
    }
  }

 private:
  void TakeEventsFrom(control::v1::Reply& reply) {
    const auto told = std::move(*reply.mutable_events());
    reply.clear_events();
    for (const auto& event : told) {
      if (event.anomaly().kind() == ack::v1::ANOMALY_KIND_UNDELIVERABLE &&
          event.anomaly().message_id().starts_with(kProofNonce)) {
        ++events;
      } else {
        ack::v1::Event& kept = *reply.add_events();
        kept = event;
        kept.set_number(event.number() - events);
      }
    }
  }
};

}  // namespace cmb::conformance
