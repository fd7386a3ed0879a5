#include "reference/shell/stall_watch.h"

namespace cmb::reference {

lifecycle::Duration StallWatch::Read(std::size_t socket, lifecycle::Instant now) {
  Socket& watched = sockets_.at(socket);
  if (now - watched.read > max_latency_) {
    watched.stall += now - watched.read;
  }
  watched.read = now;
  return watched.stall;
}

}  // namespace cmb::reference
