// How long a socket was not read: a process that was stopped, or whose machine
// slept, finds messages that waited for it, and nobody counted that time of
// their lives.
//
// Part of the drain loop. Threads: one owner. Spec: CMB-TMR-012.
#pragma once

#include <cstddef>
#include <vector>

#include "reference/lifecycle/types.h"

namespace cmb::reference {

class StallWatch {
 public:
  // The sockets count as read at `now`.
  StallWatch(std::size_t sockets, lifecycle::Duration max_latency, lifecycle::Instant now)
      : max_latency_(max_latency), sockets_(sockets, {now, {}}) {}

  // The socket is read now. What a message that it yields may have waited
  // unread, at most; 0 unless that is more than MAX_LATENCY.
  lifecycle::Duration Read(std::size_t socket, lifecycle::Instant now);

  // It yielded nothing: all that had waited has been found.
  void FoundEmpty(std::size_t socket) { sockets_.at(socket).stall = {}; }

 private:
  struct Socket {
    lifecycle::Instant read;
    lifecycle::Duration stall;
  };
  lifecycle::Duration max_latency_;
  std::vector<Socket> sockets_;
};

}  // namespace cmb::reference
