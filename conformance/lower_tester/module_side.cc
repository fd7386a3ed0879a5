// The suite as the modules: for each peer one DEALER to each channel, to the ACK ingress and to the
// ACK egress of the IUT, which is the router.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <zmq.hpp>

#include "conformance/control/wait.h"
#include "conformance/lower_tester/curve_keys.h"
#include "conformance/lower_tester/multipart.h"
#include "conformance/lower_tester/stranger.h"
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
  ModuleSide(zmq::context_t& context, const CaseSettings& settings, CurveKeys* keys)
      : WireSockets(SocketLayout(settings.channels), {}), context_(context), keys_(keys) {
    for (const std::string& name : settings.connected) {
      peers_.emplace(name, std::vector<zmq::socket_t>());
    }
    for (auto& [name, sockets] : peers_) {
      sockets = MakeSockets(name);
    }
    for (const auto& [name, key] : settings.bad_keys) {
      strangers_.emplace_back(context, name, layout().size(), keys, key);
    }
    PeersChanged();
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
    for (const control::v1::Channel& channel : configured.channels()) {
      addresses_.push_back(channel.address());
    }
    addresses_.push_back(configured.ack_ingress());
    addresses_.push_back(configured.ack_egress());
    if (addresses_.size() != layout().size()) {
      return fmt::format("the IUT configured {} channels instead of {}", configured.channels_size(),
                         layout().channels().size());
    }
    for (auto& [name, sockets] : peers_) {
      if (const auto bad = ConnectAll(sockets)) {
        return fmt::format("the IUT bound {} to '{}', which is no address to connect to",
                           layout().Name(*bad), addresses_[*bad]);
      }
    }
    return std::nullopt;
  }

  void LetStrangersKnock(ChildProcess& child, Deadline deadline) override {
    for (Stranger& stranger : strangers_) {
      stranger.Knock(addresses_);
      while (!stranger.Decided() &&
             WaitReadable(stranger.Monitors(), child, deadline) == Wake::kReadable) {
      }
      stranger.Close();
    }
    PeersChanged();
  }

  bool Disconnect(const std::string& name) override {
    if (peers_.erase(name) == 0) {
      return false;
    }
    PeersChanged();
    return true;
  }

  bool Reconnect(const std::string& name) override {
    if (peers_.contains(name)) {
      return false;
    }
    auto sockets = MakeSockets(name);
    const bool connected = !ConnectAll(sockets);
    peers_.emplace(name, std::move(sockets));
    PeersChanged();
    return connected;
  }

  bool Reaches(const WireMessage& message) const override {
    return peers_.contains(message.peer) ||
           std::any_of(strangers_.begin(), strangers_.end(), [&](const Stranger& stranger) {
             return stranger.name() == message.peer && stranger.IsIn(message.socket);
           });
  }

  // All connections here are ours to the IUT.
  bool Knows(const std::string&) const override { return true; }

  bool Send(const WireMessage& message) override {
    const auto peer = peers_.find(message.peer);
    if (peer != peers_.end()) {
      return SendMultipart(peer->second[message.socket], nullptr, message.frames);
    }
    for (Stranger& stranger : strangers_) {
      if (stranger.name() == message.peer && stranger.IsIn(message.socket)) {
        return SendMultipart(stranger.socket(message.socket), nullptr, message.frames);
      }
    }
    return false;
  }

  bool Receive(SocketNumber socket, WireMessage& message) override {
    for (auto& [name, sockets] : peers_) {
      if (ReceiveMultipart(sockets[socket], nullptr, message.frames)) {
        message.socket = socket;
        message.peer = name;
        return true;
      }
    }
    for (Stranger& stranger : strangers_) {
      if (stranger.IsIn(socket) &&
          ReceiveMultipart(stranger.socket(socket), nullptr, message.frames)) {
        message.socket = socket;
        message.peer = stranger.name();
        return true;
      }
    }
    return false;
  }

  std::span<void* const> Handles(SocketNumber socket) const override { return handles_[socket]; }

 private:
  std::vector<zmq::socket_t> MakeSockets(const std::string& name) {
    std::vector<zmq::socket_t> sockets;
    for (SocketNumber socket = 0; socket < layout().size(); ++socket) {
      zmq::socket_t& dealer = sockets.emplace_back(context_, zmq::socket_type::dealer);
      SetCommonOptions(dealer);
      dealer.set(zmq::sockopt::routing_id, name);
      // Nothing may wait inside libzmq for a connection: it would arrive uncounted.
      dealer.set(zmq::sockopt::immediate, true);
      if (keys_ != nullptr) {
        keys_->DressAsModule(dealer, name);
      }
    }
    return sockets;
  }

  // The socket whose address libzmq does not take, if any.
  std::optional<SocketNumber> ConnectAll(std::vector<zmq::socket_t>& sockets) {
    for (SocketNumber socket = 0; socket < layout().size(); ++socket) {
      try {
        sockets[socket].connect(addresses_[socket]);
      } catch (const zmq::error_t&) {
        return socket;
      }
    }
    return std::nullopt;
  }

  void PeersChanged() {
    std::vector<std::string> names;
    handles_.assign(layout().size(), {});
    for (auto& [name, sockets] : peers_) {
      names.push_back(name);
      for (SocketNumber socket = 0; socket < layout().size(); ++socket) {
        handles_[socket].push_back(sockets[socket].handle());
      }
    }
    for (Stranger& stranger : strangers_) {
      for (SocketNumber socket = 0; socket < layout().size(); ++socket) {
        if (stranger.IsIn(socket)) {
          handles_[socket].push_back(stranger.socket(socket).handle());
        }
      }
    }
    SetPaths(PathsOf(layout(), names));
  }

  zmq::context_t& context_;
  CurveKeys* keys_;
  std::vector<std::string> addresses_;  // By socket number; empty until connected.
  // By routing id, which is the order of handling; then by socket number.
  std::map<std::string, std::vector<zmq::socket_t>> peers_;
  std::vector<Stranger> strangers_;
  std::vector<std::vector<void*>> handles_;
};

}  // namespace

std::unique_ptr<WireSockets> MakeModuleSide(zmq::context_t& context, const CaseSettings& settings,
                                            CurveKeys* keys) {
  return std::make_unique<ModuleSide>(context, settings, keys);
}

}  // namespace cmb::conformance
