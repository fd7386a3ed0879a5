// The stub's sockets and counters.
#include <chrono>
#include <fstream>
#include <utility>

#include "conformance/lower_tester/stub/stub_iut.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance::stub {
namespace {

constexpr std::chrono::milliseconds kGuard{3'000};

}  // namespace

void StubIut::Configure(const control::v1::Configure& configure, Reply& reply) {
  is_router_ = configure.role() == ack::v1::ROLE_ROUTER;
  module_id_ = configure.module_id();
  store_ = configure.store();
  const std::string routing_id = Is("wrong_routing_id") ? "somebody" : module_id_;
  control::v1::Configured& configured = *reply.mutable_configured();
  for (const control::v1::Channel& channel : configure.channels()) {
    control::v1::Channel& bound = *configured.add_channels();
    bound.set_name(channel.name());
    bound.set_address(Open(channel.address(), routing_id));
  }
  configured.set_ack_ingress(Open(configure.ack_ingress(), routing_id));
  configured.set_ack_egress(Open(configure.ack_egress(), routing_id));
  if (!is_router_) {
    configured.Clear();
  }
  open_ = true;
  Restart(configure.settings());
}

std::string StubIut::Open(const std::string& address, const std::string& routing_id) {
  const auto type = is_router_ ? zmq::socket_type::router : zmq::socket_type::dealer;
  zmq::socket_t& socket = sockets_.emplace_back(context_, type);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, 0);
  socket.set(zmq::sockopt::rcvhwm, 0);
  if (is_router_) {
    socket.set(zmq::sockopt::router_mandatory, true);
    socket.set(zmq::sockopt::router_handover, true);
    socket.bind(address);
    return socket.get(zmq::sockopt::last_endpoint);
  }
  socket.set(zmq::sockopt::routing_id, routing_id);
  socket.set(zmq::sockopt::immediate, true);
  socket.set(zmq::sockopt::reconnect_ivl, 1);
  socket.connect(address);
  return address;
}

void StubIut::PassOn(const Incoming& incoming, const CognitiveMessage& ping) {
  if (Put(PairOf(incoming.socket), ping.targets(0), ping, "", !open_) ||
      Is("says_no_route_never")) {
    return;
  }
  CognitiveMessage ack;
  ack.set_schema_version(1);
  ack.set_msg_type(ack::v1::MSG_TYPE_ACK);
  ack.set_source(module_id_);
  ack.add_targets(ping.source());
  ack.mutable_ack()->set_ack_type(ack::v1::ACK_TYPE_ROUTER_ACK);
  ack.mutable_ack()->set_status(ack::v1::STATUS_REJECTED);
  ack.mutable_ack()->set_error_code(ack::v1::ERROR_CODE_NO_ROUTE);
  ack.mutable_ack()->set_correlation_id(ping.message_id());
  ack.mutable_ack()->set_attempt(1);
  Put(sockets_.size() - 1, ping.source(), ack, "", !open_);
}

void StubIut::Remember(const CognitiveMessage& message) {
  if (!store_.empty()) {
    std::ofstream(store_ + "/last") << message.SerializeAsString();
  }
}

void StubIut::Recover() {
  std::ifstream file(store_ + "/last");
  CognitiveMessage message;
  if (store_.empty() || !file || !message.ParseFromIstream(&file)) {
    return;
  }
  pending_.add_events()->set_number(++events_);
  pending_.mutable_events(0)->mutable_anomaly()->set_note("recovered " + message.message_id());
  message.set_attempt(message.attempt() + 1);
  Put(0, "", message, "payload");
}

void StubIut::Restart(const control::v1::Settings& settings) {
  now_ms_ = Is("keeps_its_time") ? 0 : settings.now_ms();
  id_prefix_ = settings.id_prefix();
  received_ = 0;
  sent_.assign(sockets_.size(), 0);
  undeliverable_ = 0;
  messages_ = 0;
  events_ = 0;
  inbox_.clear();
  timers_.clear();
  pending_.Clear();
}

bool StubIut::Receive(std::size_t socket, Incoming& incoming) {
  zmq::message_t part;
  incoming = {.socket = socket, .peer = "", .frames = {}};
  if (!sockets_[socket].recv(part, zmq::recv_flags::dontwait)) {
    return false;
  }
  if (is_router_) {
    incoming.peer = part.to_string();
  } else {
    incoming.frames.push_back(part.to_string());
  }
  while (part.more() && sockets_[socket].recv(part, zmq::recv_flags::dontwait)) {
    incoming.frames.push_back(part.to_string());
  }
  return true;
}

bool StubIut::ReadUntil(std::uint64_t count) {
  const auto end = std::chrono::steady_clock::now() + kGuard;
  while (true) {
    for (std::size_t socket = 0; socket < sockets_.size() && received_ < count; ++socket) {
      Incoming incoming;
      while (received_ < count && Receive(socket, incoming)) {
        ++received_;
        inbox_.push_back(std::move(incoming));
      }
    }
    if (received_ == count) {
      return true;
    }
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return false;
    }
    std::vector<zmq::pollitem_t> items;
    for (zmq::socket_t& socket : sockets_) {
      items.push_back({socket.handle(), 0, ZMQ_POLLIN, 0});
    }
    zmq::poll(items, left);
  }
}

// Open phase: whatever is there is answered, nothing is counted.
void StubIut::Pump() {
  for (std::size_t socket = 0; socket < sockets_.size(); ++socket) {
    Incoming incoming;
    while (Receive(socket, incoming)) {
      Handle(incoming);
    }
  }
}

std::size_t StubIut::PairOf(std::size_t socket) const {
  const std::size_t ingress = sockets_.size() - 2;
  const std::size_t egress = sockets_.size() - 1;
  if (socket < ingress) {
    return socket;
  }
  return socket == ingress ? egress : ingress;
}

void StubIut::Ping(std::size_t socket) {
  CognitiveMessage ping;
  ping.set_schema_version(1);
  ping.set_msg_type(ack::v1::MSG_TYPE_PING);
  ping.set_message_id("@" + id_prefix_ + "ping-" + std::to_string(socket));
  ping.set_source(module_id_);
  ping.add_targets("@router");
  Put(socket, "", ping, "");
}

bool StubIut::Put(std::size_t socket, const std::string& peer, const CognitiveMessage& header,
                  const std::string& payload, bool count) {
  static_cast<void>(sockets_[socket].get(zmq::sockopt::events));
  try {
    if (is_router_) {
      sockets_[socket].send(zmq::buffer(peer), zmq::send_flags::sndmore);
    }
    sockets_[socket].send(zmq::buffer(wire::EncodeHeader(header)), zmq::send_flags::sndmore);
    sockets_[socket].send(zmq::buffer(payload), zmq::send_flags::none);
    sent_[socket] += count ? 1 : 0;
    return true;
  } catch (const zmq::error_t&) {
    undeliverable_ += count ? 1 : 0;
    return false;
  }
}

}  // namespace cmb::conformance::stub
