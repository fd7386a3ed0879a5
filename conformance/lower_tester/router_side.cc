// The suite as the router: one ROUTER for each channel, one for the ACK ingress, one for the ACK
// egress, to which the IUT's DEALERs connect.
#include <utility>
#include <zmq.hpp>

#include "conformance/lower_tester/curve_keys.h"
#include "conformance/lower_tester/multipart.h"
#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {
namespace {

std::vector<Path> PathsTo(const SocketLayout& layout, const std::string& module_id) {
  std::vector<Path> paths;
  for (const SocketLayout::Router& router : layout.routers()) {
    for (SocketNumber channel = router.first; channel < router.ingress(); ++channel) {
      paths.push_back({kRouterId, module_id, channel, channel});
    }
    paths.push_back({kRouterId, module_id, router.egress(), router.ingress()});
  }
  return paths;
}

class RouterSide final : public WireSockets {
 public:
  RouterSide(zmq::context_t& context, const SocketLayout& own_layout, std::string module_id,
             const CurveKeys* keys)
      : WireSockets(own_layout, PathsTo(own_layout, module_id)), module_id_(std::move(module_id)) {
    for (SocketNumber socket = 0; socket < layout().size(); ++socket) {
      zmq::socket_t& router = sockets_.emplace_back(context, zmq::socket_type::router);
      SetCommonOptions(router);
      router.set(zmq::sockopt::router_mandatory, true);
      // Else an IUT that reconnects before its old connection is noticed to be gone is refused.
      router.set(zmq::sockopt::router_handover, true);
      if (keys != nullptr) {
        keys->DressAsRouter(router);
      }
      router.bind("tcp://127.0.0.1:*");
      addresses_.push_back(router.get(zmq::sockopt::last_endpoint));
    }
    for (zmq::socket_t& socket : sockets_) {
      handles_.push_back(socket.handle());
    }
  }

  void FillAddresses(control::v1::Configure& configure) const override {
    FillRouter(layout().routers().front(), configure);
    FillOtherRouters(configure);
    for (std::size_t other = 1; other < layout().routers().size(); ++other) {
      FillRouter(layout().routers()[other],
                 *configure.mutable_other_routers(static_cast<int>(other) - 1));
    }
  }

  std::optional<std::string> Connect(const control::v1::Configured&) override {
    return std::nullopt;
  }

  // Whether the IUT is there is seen only when something is sent.
  bool Reaches(const WireMessage&) const override { return true; }
  bool Knows(const std::string& peer) const override { return peer == kRouterId; }

  bool Send(const WireMessage& message) override {
    return SendMultipart(sockets_[message.socket], &module_id_, message.frames);
  }

  bool Receive(SocketNumber socket, WireMessage& message) override {
    if (!ReceiveMultipart(sockets_[socket], &message.peer, message.frames)) {
      return false;
    }
    message.socket = socket;
    if (message.peer == module_id_) {
      message.peer = kRouterId;
    }
    return true;
  }

  std::span<void* const> Handles(SocketNumber socket) const override {
    return {&handles_[socket], 1};
  }

 private:
  // Where it is; the names of the channels of another router are there.
  template <class Configured>
  void FillRouter(const SocketLayout::Router& router, Configured& configure) const {
    configure.clear_channels();
    for (SocketNumber channel = router.first; channel < router.ingress(); ++channel) {
      control::v1::Channel& entry = *configure.add_channels();
      entry.set_name(layout().Name(channel));
      entry.set_address(addresses_[channel]);
    }
    configure.set_ack_ingress(addresses_[router.ingress()]);
    configure.set_ack_egress(addresses_[router.egress()]);
  }

  std::string module_id_;
  std::vector<zmq::socket_t> sockets_;
  std::vector<std::string> addresses_;
  std::vector<void*> handles_;
};

}  // namespace

std::unique_ptr<WireSockets> MakeRouterSide(zmq::context_t& context, const CaseSettings& settings,
                                            CurveKeys* keys) {
  return std::make_unique<RouterSide>(
      context, SocketLayout(settings.channels, settings.other_routers), settings.module_id, keys);
}

}  // namespace cmb::conformance
