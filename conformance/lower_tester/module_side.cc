// The suite as the modules: for each peer one DEALER to each channel, to the ACK ingress and to the
// ACK egress of the IUT, which is the router.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <zmq.hpp>

#include "conformance/lower_tester/multipart.h"
#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {
namespace {

constexpr char kAnyPort[] = "tcp://127.0.0.1:*";

std::vector<Path> PathsOf(const SocketLayout& layout, const std::vector<std::string>& peers) {
  std::vector<Path> paths;
  for (const std::string& peer : peers) {
    for (SocketNumber channel = 0; channel < layout.channels().size(); ++channel) {
      paths.push_back({peer, kRouterId, channel, channel});
    }
    paths.push_back({peer, kRouterId, layout.ingress(), layout.egress()});
  }
  return paths;
}

class ModuleSide final : public WireSockets {
 public:
  // `peers` is sorted: the order of handling is by routing id.
  ModuleSide(zmq::context_t& context, const SocketLayout& layout, std::vector<std::string> peers)
      : WireSockets(layout, PathsOf(layout, peers)), peers_(std::move(peers)) {
    for (SocketNumber socket = 0; socket < layout.size(); ++socket) {
      std::vector<zmq::socket_t>& dealers = sockets_.emplace_back();
      std::vector<void*>& handles = handles_.emplace_back();
      for (const std::string& peer : peers_) {
        zmq::socket_t& dealer = dealers.emplace_back(context, zmq::socket_type::dealer);
        SetCommonOptions(dealer);
        dealer.set(zmq::sockopt::routing_id, peer);
        // Nothing may wait inside libzmq for a connection: it would arrive uncounted.
        dealer.set(zmq::sockopt::immediate, true);
        handles.push_back(dealer.handle());
      }
    }
  }

  void FillAddresses(control::v1::Configure& configure) const override {
    for (const std::string& channel : layout().channels()) {
      control::v1::Channel& entry = *configure.add_channels();
      entry.set_name(channel);
      entry.set_address(kAnyPort);
    }
    configure.set_ack_ingress(kAnyPort);
    configure.set_ack_egress(kAnyPort);
  }

  std::optional<std::string> Connect(const control::v1::Configured& configured) override {
    std::vector<std::string> addresses;
    for (const control::v1::Channel& channel : configured.channels()) {
      addresses.push_back(channel.address());
    }
    addresses.push_back(configured.ack_ingress());
    addresses.push_back(configured.ack_egress());
    if (addresses.size() != layout().size()) {
      return fmt::format("the IUT configured {} channels instead of {}", configured.channels_size(),
                         layout().channels().size());
    }
    for (SocketNumber socket = 0; socket < layout().size(); ++socket) {
      if (!ConnectAll(socket, addresses[socket])) {
        return fmt::format("the IUT bound {} to '{}', which is no address to connect to",
                           layout().Name(socket), addresses[socket]);
      }
    }
    return std::nullopt;
  }

  bool Send(const WireMessage& message) override {
    const auto peer = std::lower_bound(peers_.begin(), peers_.end(), message.peer);
    if (peer == peers_.end() || *peer != message.peer) {
      return false;
    }
    const auto index = static_cast<std::size_t>(peer - peers_.begin());
    return SendMultipart(sockets_[message.socket][index], nullptr, message.frames);
  }

  bool Receive(SocketNumber socket, WireMessage& message) override {
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      if (ReceiveMultipart(sockets_[socket][i], nullptr, message.frames)) {
        message.socket = socket;
        message.peer = peers_[i];
        return true;
      }
    }
    return false;
  }

  std::span<void* const> Handles(SocketNumber socket) const override { return handles_[socket]; }

 private:
  // False: libzmq does not take the address.
  bool ConnectAll(SocketNumber socket, const std::string& address) {
    try {
      for (zmq::socket_t& dealer : sockets_[socket]) {
        dealer.connect(address);
      }
      return true;
    } catch (const zmq::error_t&) {
      return false;
    }
  }

  std::vector<std::string> peers_;
  std::vector<std::vector<zmq::socket_t>> sockets_;  // By socket number, then by peer.
  std::vector<std::vector<void*>> handles_;
};

}  // namespace

std::unique_ptr<WireSockets> MakeModuleSide(zmq::context_t& context, const SocketLayout& layout,
                                            std::vector<std::string> peers) {
  std::sort(peers.begin(), peers.end());
  peers.erase(std::unique(peers.begin(), peers.end()), peers.end());
  return std::make_unique<ModuleSide>(context, layout, std::move(peers));
}

}  // namespace cmb::conformance
