// A harness for the bench's own tests, with hardly an implementation behind it: an endpoint that
// sends a message and repeats it once after 1 s, and a router that forwards and acknowledges. Every
// data message that it handles becomes an event whose note names socket, peer and message id. Its
// one argument, the mood, makes it break the control contract in one way. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>
#include <zmq.hpp>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/control/v1/control.pb.h"

namespace cmb::conformance::stub {

using ack::v1::CognitiveMessage;
using control::v1::Reply;
using control::v1::Request;

class StubIut {
 public:
  explicit StubIut(std::string mood);

  // Until stdin closes or Shutdown. Returns the exit status.
  int Run();

 private:
  struct Incoming {
    std::size_t socket = 0;
    std::string peer;
    std::vector<std::string> frames;
  };

  bool Is(const char* mood) const { return mood_ == mood; }
  void SayHello();
  // False: end.
  bool Serve(const Request& request);
  void Misbehave(const Request& request, Reply& reply);
  void Answer(Reply& reply);

  void Configure(const control::v1::Configure& configure, Reply& reply);
  std::string Open(const std::string& address, const std::string& routing_id);
  void Advance(const control::v1::Advance& advance, Reply& reply);
  // False: fewer came within the guard.
  bool ReadUntil(std::uint64_t count);
  void HandleInbox();
  void Handle(const Incoming& incoming);
  void Forward(const Incoming& incoming, const CognitiveMessage& header);
  void PassOn(const Incoming& incoming, const CognitiveMessage& ping);
  // Mood durable: a store of one file, with the message sent last, which Begin sends again.
  void Remember(const CognitiveMessage& message);
  void Recover();
  void FireTimers();
  void SendMessage(const control::v1::Send& send, Reply& reply);
  void Restart(const control::v1::Settings& settings);

  void Pump();
  bool Receive(std::size_t socket, Incoming& incoming);
  // False: there is no such connection.
  bool Put(std::size_t socket, const std::string& peer, const CognitiveMessage& header,
           const std::string& payload, bool count = true);
  void Ping(std::size_t socket);
  std::size_t PairOf(std::size_t socket) const;

  std::string mood_;
  zmq::context_t context_{1};
  zmq::socket_t control_{context_, zmq::socket_type::dealer};
  std::vector<zmq::socket_t> sockets_;
  bool is_router_ = false;
  bool open_ = false;  // Open phase.
  std::string module_id_;
  std::string id_prefix_;
  std::string store_;

  std::uint64_t now_ms_ = 0;
  std::uint64_t received_ = 0;
  std::vector<std::uint64_t> sent_;
  std::uint64_t undeliverable_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t events_ = 0;
  std::vector<Incoming> inbox_;
  std::multimap<std::uint64_t, CognitiveMessage> timers_;
  Reply pending_;  // Events since the last reply.
};

}  // namespace cmb::conformance::stub
