#include "reference/endpoint/path_watch.h"

#include <algorithm>
#include <utility>

#include "reference/lifecycle/types.h"
#include "reference/shell/id_source.h"
#include "reference/shell/ping.h"

namespace cmb::reference {

PathWatch::PathWatch(std::string module_id, const SocketMap& sockets, Transport& transport,
                     const Clock& clock, Received received, PathPatience patience,
                     bool takes_batches)
    : module_id_(std::move(module_id)),
      transport_(transport),
      clock_(clock),
      received_(std::move(received)),
      patience_(patience),
      takes_batches_(takes_batches),
      nonce_prefix_("@watch-" + RandomIdPrefix()) {
  for (std::size_t socket = 0; socket < sockets.size(); ++socket) {
    const auto kind = sockets.KindOf(socket);
    if (kind != SocketKind::kAckEgress) {  // It is the ingress's ear.
      const bool is_channel = kind == SocketKind::kChannel;
      const std::size_t hears = is_channel ? socket : sockets.egress(sockets.RouterOf(socket));
      paths_.push_back({socket, hears, received_(hears), clock_.NowMs(), false});
    }
  }
}

bool PathWatch::Ask(const Path& path) {
  const std::string nonce = nonce_prefix_ + std::to_string(++nonces_);
  const auto ping = PingBytes(module_id_, lifecycle::kRouterId.str(), nonce, takes_batches_);
  return transport_.Send(path.asks, {}, ping, {}) == SendResult::kSent;
}

bool PathWatch::Look(Path& path) {
  const std::uint64_t received = received_(path.hears);
  if (std::exchange(path.received, received) != received) {
    path.since_ms = clock_.NowMs();
    path.is_asked = false;
    return false;
  }
  if (clock_.NowMs() < DueMs(path)) {
    return false;
  }
  const bool is_silent = path.is_asked;
  // Without a connection it cannot be asked, and libzmq is looking for one.
  path.is_asked = !is_silent && Ask(path);
  path.since_ms = clock_.NowMs();
  return is_silent;
}

std::vector<std::size_t> PathWatch::Tick() {
  std::vector<std::size_t> silent;
  for (auto& path : paths_) {
    if (Look(path)) {
      silent.push_back(path.asks);
      if (path.hears != path.asks) {
        silent.push_back(path.hears);
      }
    }
  }
  return silent;
}

std::uint64_t PathWatch::next_ms() const {
  std::uint64_t next = UINT64_MAX;
  for (const auto& path : paths_) {
    next = std::min(next, DueMs(path));
  }
  return next;
}

}  // namespace cmb::reference
