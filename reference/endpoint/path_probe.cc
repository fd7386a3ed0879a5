#include "reference/endpoint/path_probe.h"

#include <algorithm>
#include <utility>

#include "reference/lifecycle/types.h"
#include "reference/shell/id_source.h"
#include "reference/shell/ping.h"

namespace cmb::reference {

PathProbe::PathProbe(std::string module_id, const SocketMap& sockets, Transport& transport,
                     const Clock& clock, bool takes_batches)
    : module_id_(std::move(module_id)),
      transport_(transport),
      clock_(clock),
      takes_batches_(takes_batches),
      nonce_prefix_("@ping-" + RandomIdPrefix()) {
  for (std::size_t socket = 0; socket < sockets.size(); ++socket) {
    if (sockets.KindOf(socket) != SocketKind::kAckEgress) {  // By it comes the ingress's PONG.
      unproven_.push_back({socket, sockets.RouterOf(socket), {}});
    }
  }
}

void PathProbe::Tick() {
  const std::uint64_t now_ms = clock_.NowMs();
  if (done() || now_ms < next_ms_) {
    return;
  }
  next_ms_ = now_ms + (++rounds_ > kProbeRounds ? kProbeAwayEveryMs : kProbeEveryMs);
  for (auto& path : unproven_) {
    path.nonce = nonce_prefix_ + std::to_string(++nonces_);
    transport_.Send(path.socket, {},
                    PingBytes(module_id_, lifecycle::kRouterId.str(), path.nonce, takes_batches_),
                    {});
  }
}

bool PathProbe::done(std::size_t router) const {
  return std::none_of(unproven_.begin(), unproven_.end(),
                      [&](const Path& path) { return path.router == router; });
}

void PathProbe::OnPong(const ack::v1::CognitiveMessage& header) {
  std::erase_if(unproven_, [&](const Path& path) {
    return !path.nonce.empty() && path.nonce == header.correlation_id();
  });
}

}  // namespace cmb::reference
