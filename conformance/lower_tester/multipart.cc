#include "conformance/lower_tester/multipart.h"

namespace cmb::conformance {
namespace {

bool SendPart(zmq::socket_t& socket, const std::string& part, bool more) {
  const auto flags =
      more ? zmq::send_flags::dontwait | zmq::send_flags::sndmore : zmq::send_flags::dontwait;
  return socket.send(zmq::buffer(part), flags).has_value();
}

bool SendParts(zmq::socket_t& socket, const std::string* routing_id, const Frames& frames) {
  if (routing_id != nullptr && !SendPart(socket, *routing_id, true)) {
    return false;
  }
  for (std::size_t i = 0; i < frames.size(); ++i) {
    // Only the first part of a message can be refused.
    if (!SendPart(socket, frames[i], i + 1 < frames.size())) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool SendMultipart(zmq::socket_t& socket, const std::string* routing_id, const Frames& frames) {
  // libzmq learns of connections only when asked; without this a peer that has just connected looks
  // unroutable.
  static_cast<void>(socket.get(zmq::sockopt::events));
  try {
    return SendParts(socket, routing_id, frames);
  } catch (const zmq::error_t& error) {
    if (error.num() != EHOSTUNREACH) {
      throw;
    }
    return false;
  }
}

bool ReceiveMultipart(zmq::socket_t& socket, std::string* routing_id, Frames& frames) {
  frames.clear();
  zmq::message_t part;
  if (!socket.recv(part, zmq::recv_flags::dontwait)) {
    return false;
  }
  bool first = true;
  while (true) {
    const bool more = part.more();
    if (first && routing_id != nullptr) {
      routing_id->assign(part.data<char>(), part.size());
    } else {
      frames.emplace_back(part.data<char>(), part.size());
    }
    first = false;
    // The rest of a message is always there when its first part is.
    if (!more || !socket.recv(part, zmq::recv_flags::dontwait)) {
      return true;
    }
  }
}

void SetCommonOptions(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, 0);
  socket.set(zmq::sockopt::rcvhwm, 0);
  socket.set(zmq::sockopt::reconnect_ivl, 1);
}

}  // namespace cmb::conformance
