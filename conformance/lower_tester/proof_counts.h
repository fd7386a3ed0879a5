// Messages that only prove that a connection came or went. How many it takes depends on the
// machine, so they are kept out of everything that the engine sees. Values; owned by the session.
// Spec: chapter control channel (connections change at quiescent points).
#pragma once

#include <cstdint>
#include <vector>

#include "conformance/lower_tester/bench.h"

namespace cmb::conformance {

struct ProofCounts {
  std::uint64_t received = 0;
  std::vector<std::uint64_t> sent;  // By socket; empty: none.
  std::uint64_t undeliverable = 0;

  // Takes them out of the counts of `exchange`.
  void SubtractFrom(Exchange& exchange) const {
    control::v1::Reply& reply = exchange.reply;
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
};

}  // namespace cmb::conformance
