// Plays the suite for the harness's own tests: starts cmb-reference-iut as a
// child, speaks cmb.control.v1 with it and owns the other ends of its sockets.
//
// Header only, since a module's library must not hold test code. Every wait has
// a deadline. Threads: the test's.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>
#include <zmq.hpp>

#include "cmb/control/v1/control.pb.h"
#include "proto/wire/frame_codec.h"
#include "reference/harness/iut_process_test_driver.h"

namespace cmb::reference {

// What one socket received: from whom, and the header with its payload.
struct Seen {
  std::string peer;
  ack::v1::CognitiveMessage header;
  std::string header_bytes;
  std::string payload;
};

class HarnessDriver {
 public:
  // With the flags of cmb-reference-iut.
  explicit HarnessDriver(const std::vector<std::string>& flags = {})
      : control_(context_, ZMQ_ROUTER) {
    Prepare(control_);
    control_.bind("tcp://127.0.0.1:*");
    process_.emplace(
        std::vector<std::string>{"CMB_CONTROL=" + control_.get(zmq::sockopt::last_endpoint),
                                 "CMB_INCARNATION=seven"},
        flags);
    hello_ = Receive().hello();
  }

  const control::v1::Hello& hello() const { return hello_; }
  IutProcess& process() { return *process_; }

  // Before Begin…: the directory of a durable store.
  void KeepIn(const std::string& directory) { store_ = directory; }
  // What was answered to Begin.
  const control::v1::Reply& begun() const { return begun_; }

  // Sends it with the right envelope and returns the reply.
  control::v1::Reply Call(control::v1::Request request) {
    request.set_seq(++seq_);
    request.set_incarnation("seven");
    request.set_epoch(epoch_);
    const bool is_reset = request.has_reset();
    const auto reply = CallRaw(request);
    if (is_reset && !reply.has_error()) {
      ++epoch_;
    }
    return reply;
  }
  control::v1::Reply CallRaw(const control::v1::Request& request) {
    control_.send(zmq::buffer(iut_), zmq::send_flags::sndmore);
    control_.send(zmq::buffer(request.SerializeAsString()), zmq::send_flags::none);
    return Receive().reply();
  }

  control::v1::Reply Advance(std::uint64_t to_ms, std::uint64_t after_received,
                             control::v1::Fire fire = control::v1::FIRE_AFTER_FRAMES) {
    control::v1::Request request;
    request.mutable_advance()->set_to_ms(to_ms);
    request.mutable_advance()->set_after_received(after_received);
    request.mutable_advance()->set_fire(fire);
    return Call(request);
  }

  // Up to Begin, as an endpoint named `module`, whose router this driver plays.
  void BeginEndpoint(ack::v1::Role role, const std::string& module,
                     const control::v1::Settings& settings = {}) {
    control::v1::Request request;
    auto& configure = *request.mutable_configure();
    configure.set_role(role);
    configure.set_module_id(module);
    *configure.mutable_settings() = settings;
    configure.set_store(store_);
    for (int i = 0; i < 3; ++i) {
      auto& socket = sockets_.emplace_back(context_, ZMQ_ROUTER);
      Prepare(socket);
      socket.set(zmq::sockopt::router_mandatory, true);
      socket.bind("tcp://127.0.0.1:*");
    }
    auto& channel = *configure.add_channels();
    channel.set_name("main");
    channel.set_address(sockets_[0].get(zmq::sockopt::last_endpoint));
    configure.set_ack_ingress(sockets_[1].get(zmq::sockopt::last_endpoint));
    configure.set_ack_egress(sockets_[2].get(zmq::sockopt::last_endpoint));
    ASSERT_FALSE(Call(request).has_error());
    // Until it has connected there is nobody to send to, and no answer comes.
    for (const auto& [to, from] : {std::pair(0u, 0u), std::pair(2u, 1u)}) {
      PingUntilAnswered([&, to = to, from = from](const std::string& nonce) {
        TrySend(to, module, Ping("@router", module, nonce));
        return AwaitPong(sockets_[from], true, nonce);
      });
    }
    Begin();
  }

  // Up to Begin, as a router to which the modules connect.
  void BeginRouter(const std::vector<std::string>& modules,
                   const control::v1::Settings& settings = {}) {
    control::v1::Request request;
    auto& configure = *request.mutable_configure();
    configure.set_role(ack::v1::ROLE_ROUTER);
    configure.set_module_id("@router");
    *configure.mutable_settings() = settings;
    configure.set_store(store_);
    auto& channel = *configure.add_channels();
    channel.set_name("main");
    channel.set_address("tcp://127.0.0.1:*");
    configure.set_ack_ingress("tcp://127.0.0.1:*");
    configure.set_ack_egress("tcp://127.0.0.1:*");
    const auto reply = Call(request);
    ASSERT_FALSE(reply.has_error()) << reply.error().sentence();
    const std::string addresses[] = {reply.configured().channels(0).address(),
                                     reply.configured().ack_ingress(),
                                     reply.configured().ack_egress()};
    for (const auto& module : modules) {
      for (int i = 0; i < 3; ++i) {
        auto& socket = peers_[module].emplace_back(context_, ZMQ_DEALER);
        Prepare(socket);
        socket.set(zmq::sockopt::routing_id, module);
        socket.connect(addresses[i]);
      }
      // In an open phase a PONG may have nowhere to go. Here one surely has, so
      // that every test sees that Begin forgets it.
      SendAs(module, 0, Pong(module, "nobody"));
      for (const auto& [to, from] : {std::pair(0u, 0u), std::pair(1u, 2u)}) {
        PingUntilAnswered([&, to = to, from = from](const std::string& nonce) {
          SendAs(module, to, Ping(module, "@router", nonce));
          return AwaitPong(peers_.at(module)[from], false, nonce);
        });
      }
    }
    Begin();
  }

  // Endpoint IUT: to it, on one of our ROUTER sockets.
  void SendTo(std::size_t socket, const std::string& module, const wire::Frames& frames) {
    ASSERT_TRUE(TrySend(socket, module, frames));
  }
  // Router IUT: from `module`, on one of its DEALERs (0 main, 1 ingress, 2 egress).
  void SendAs(const std::string& module, std::size_t socket, const wire::Frames& frames) {
    SendFrames(peers_.at(module)[socket], frames);
  }

  // The next frame on that socket; fails the test when none comes in time.
  Seen Next(std::size_t socket) { return Take(sockets_[socket], true, kPatienceMs).value(); }
  Seen NextAs(const std::string& module, std::size_t socket) {
    return Take(peers_.at(module)[socket], false, kPatienceMs).value();
  }

  static wire::Frames Pong(const std::string& from, const std::string& to) {
    ack::v1::CognitiveMessage pong;
    pong.set_schema_version(1);
    pong.set_msg_type(ack::v1::MSG_TYPE_PONG);
    pong.set_correlation_id("@nonce");
    pong.set_source(from);
    pong.add_targets(to);
    return wire::Encode(pong, "");
  }
  static wire::Frames Ping(const std::string& from, const std::string& to,
                           const std::string& nonce) {
    ack::v1::CognitiveMessage ping;
    ping.set_schema_version(1);
    ping.set_msg_type(ack::v1::MSG_TYPE_PING);
    ping.set_message_id(nonce);
    ping.set_source(from);
    ping.add_targets(to);
    return wire::Encode(ping, nonce);
  }

 private:
  static void Prepare(zmq::socket_t& socket) {
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo, kPatienceMs);
    socket.set(zmq::sockopt::sndhwm, 0);
    socket.set(zmq::sockopt::rcvhwm, 0);
  }

  void Begin() {
    control::v1::Request request;
    request.mutable_begin();
    begun_ = Call(request);
    ASSERT_FALSE(begun_.has_error()) << begun_.error().sentence();
  }

  control::v1::FromHarness Receive() {
    zmq::message_t id;
    zmq::message_t body;
    if (!control_.recv(id) || !control_.recv(body)) {
      throw std::runtime_error("the harness does not answer");
    }
    iut_ = id.to_string();
    control::v1::FromHarness message;
    if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
      throw std::runtime_error("the harness answers garbage");
    }
    return message;
  }

  bool TrySend(std::size_t socket, const std::string& module, const wire::Frames& frames) {
    auto& to = sockets_[socket];
    static_cast<void>(to.get(zmq::sockopt::events));
    if (zmq_send(to.handle(), module.data(), module.size(), ZMQ_SNDMORE) < 0) {
      return false;
    }
    SendFrames(to, frames);
    return true;
  }
  static void SendFrames(zmq::socket_t& to, const wire::Frames& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      to.send(zmq::buffer(frames[i]),
              i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
  }

  static std::optional<Seen> Take(zmq::socket_t& from, bool has_peer, int wait_ms) {
    zmq::pollitem_t item{from.handle(), 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, wait_ms) <= 0) {
      return std::nullopt;
    }
    Seen seen;
    zmq::message_t part;
    if (has_peer) {
      static_cast<void>(from.recv(part));
      seen.peer = part.to_string();
    }
    static_cast<void>(from.recv(part));
    seen.header_bytes = part.to_string();
    EXPECT_FALSE(wire::DecodeHeader(seen.header_bytes, seen.header).has_value());
    static_cast<void>(from.recv(part));
    seen.payload = part.to_string();
    EXPECT_FALSE(part.more());
    return seen;
  }

  // Short waits, many times: the first PINGs may find no connection. PONGs of
  // earlier nonces are read away, else each answer would be one behind.
  static constexpr int kPongMs = 5;
  static bool AwaitPong(zmq::socket_t& from, bool has_peer, const std::string& nonce) {
    while (const auto seen = Take(from, has_peer, kPongMs)) {
      if (seen->header.correlation_id() == nonce) {
        return true;
      }
    }
    return false;
  }
  template <class Attempt>
  void PingUntilAnswered(Attempt attempt) {
    for (int i = 0; i < kPatienceMs / kPongMs; ++i) {
      if (attempt("@nonce" + std::to_string(++nonces_))) {
        return;
      }
    }
    throw std::runtime_error("no PONG");
  }

  zmq::context_t context_{1};
  zmq::socket_t control_;
  std::optional<IutProcess> process_;
  control::v1::Hello hello_;
  control::v1::Reply begun_;
  std::string store_;
  std::string iut_;
  std::uint64_t seq_ = 0;
  std::uint64_t epoch_ = 0;
  int nonces_ = 0;
  std::vector<zmq::socket_t> sockets_;                       // Endpoint IUT.
  std::map<std::string, std::vector<zmq::socket_t>> peers_;  // Router IUT.
};

}  // namespace cmb::reference
