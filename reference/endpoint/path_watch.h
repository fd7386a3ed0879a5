// Whether the paths of an endpoint still work: on each that is quiet a PING asks the router, and
// one that could be sent and is not answered is given up. libzmq does not say when a router has
// lost a connection that stands: where another connection takes the routing id, it forgets the
// first.
//
// Used by EndpointThread for as long as it runs. Threads: one owner. Spec: chapter "Wire binding",
// PING; chapter "Authority and security", 12.2.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "reference/shell/clock.h"
#include "reference/shell/transport.h"

namespace cmb::reference {

struct PathPatience {
  std::uint64_t quiet_ms = 0;   // So long nothing came by it, and it is asked.
  std::uint64_t answer_ms = 0;  // So long after that it is given up.
};

class PathWatch {
 public:
  // How many messages have come by a socket so far.
  using Received = std::function<std::uint64_t(std::size_t socket)>;

  // Transport and clock outlive the watch. `takes_batches`: as PathProbe's.
  PathWatch(std::string module_id, const SocketMap& sockets, Transport& transport,
            const Clock& clock, Received received, PathPatience patience,
            bool takes_batches = true);

  // Sends what is due. Gives the sockets that are to be connected anew: a channel, or the ACK
  // ingress and egress of one router.
  std::vector<std::size_t> Tick();

  // When there is something to do next, at the earliest.
  std::uint64_t next_ms() const;

 private:
  // PINGs leave by `asks`, answers and everything else come by `hears`.
  struct Path {
    std::size_t asks = 0;
    std::size_t hears = 0;
    std::uint64_t received = 0;
    std::uint64_t since_ms = 0;  // Quiet, or without an answer.
    bool is_asked = false;
  };
  // True: it is to be connected anew.
  bool Look(Path& path);
  bool Ask(const Path& path);
  std::uint64_t DueMs(const Path& path) const {
    return path.since_ms + (path.is_asked ? patience_.answer_ms : patience_.quiet_ms);
  }

  std::string module_id_;
  Transport& transport_;
  const Clock& clock_;
  Received received_;
  PathPatience patience_;
  bool takes_batches_;
  std::string nonce_prefix_;
  std::uint64_t nonces_ = 0;
  std::vector<Path> paths_;
};

}  // namespace cmb::reference
