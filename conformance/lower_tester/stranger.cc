#include "conformance/lower_tester/stranger.h"

#include <zmq.h>

#include <atomic>
#include <cstring>
#include <utility>

#include "conformance/lower_tester/multipart.h"

namespace cmb::conformance {
namespace {

constexpr int kRefusals = ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                          ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                          ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED;

zmq::socket_t MonitorOf(zmq::context_t& context, zmq::socket_t& socket) {
  static std::atomic<std::uint64_t> made{0};
  const std::string address = "inproc://handshake-" + std::to_string(++made);
  zmq_socket_monitor(socket.handle(), address.c_str(), kRefusals | ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
  zmq::socket_t monitor(context, zmq::socket_type::pair);
  monitor.set(zmq::sockopt::linger, 0);
  monitor.connect(address);
  return monitor;
}

// The number of the next event. 0: there is none.
int NextEvent(zmq::socket_t& monitor) {
  zmq::message_t part;
  if (!monitor.recv(part, zmq::recv_flags::dontwait)) {
    return 0;
  }
  std::uint16_t event = 0;
  if (part.size() >= sizeof event) {
    std::memcpy(&event, part.data(), sizeof event);
  }
  while (part.more() && monitor.recv(part, zmq::recv_flags::dontwait)) {
  }
  return event;
}

}  // namespace

Stranger::Stranger(zmq::context_t& context, std::string name, std::size_t sockets,
                   const CurveKeys* keys, BadKey key)
    : name_(std::move(name)) {
  for (std::size_t i = 0; i < sockets; ++i) {
    Door& door = doors_.emplace_back();
    door.socket = zmq::socket_t(context, zmq::socket_type::dealer);
    SetCommonOptions(door.socket);
    door.socket.set(zmq::sockopt::routing_id, name_);
    door.socket.set(zmq::sockopt::immediate, true);
    // Once: how often a router has refused somebody must not depend on the machine.
    door.socket.set(zmq::sockopt::reconnect_ivl, -1);
    if (keys != nullptr) {
      keys->DressAsStranger(door.socket, key);
    }
    door.monitor = MonitorOf(context, door.socket);
  }
}

void Stranger::Knock(const std::vector<std::string>& addresses) {
  for (std::size_t i = 0; i < doors_.size(); ++i) {
    doors_[i].socket.connect(addresses[i]);
  }
}

bool Stranger::Decided() {
  bool decided = true;
  for (Door& door : doors_) {
    while (door.state == State::kKnocking) {
      const int event = NextEvent(door.monitor);
      if (event == 0) {
        break;
      }
      door.state = event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED ? State::kIn : State::kRefused;
    }
    decided = decided && door.state != State::kKnocking;
  }
  return decided;
}

std::vector<void*> Stranger::Monitors() {
  std::vector<void*> handles;
  for (Door& door : doors_) {
    if (door.state == State::kKnocking) {
      handles.push_back(door.monitor.handle());
    }
  }
  return handles;
}

void Stranger::Close() {
  for (Door& door : doors_) {
    zmq_socket_monitor(door.socket.handle(), nullptr, 0);
    door.monitor.close();
    if (door.state != State::kIn) {
      door.state = State::kRefused;
      door.socket.close();
    }
  }
}

}  // namespace cmb::conformance
