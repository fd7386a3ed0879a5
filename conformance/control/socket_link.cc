// The control channel over ZeroMQ: one Protobuf message is one part.
#include <fmt/format.h>

#include <array>
#include <vector>
#include <zmq.hpp>

#include "conformance/control/control_faults.h"
#include "conformance/control/control_link.h"

namespace cmb::conformance {
namespace {

class SocketLink final : public ControlLink {
 public:
  SocketLink(zmq::context_t& context, const std::string& endpoint)
      : socket_(context, zmq::socket_type::router) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::sndhwm, 0);
    socket_.set(zmq::sockopt::rcvhwm, 0);
    socket_.set(zmq::sockopt::router_mandatory, true);
    socket_.set(zmq::sockopt::router_handover, true);
    socket_.bind(endpoint);
    handles_ = {socket_.handle()};
  }

  std::string address() const override { return socket_.get(zmq::sockopt::last_endpoint); }
  std::string_view framing() const override { return kOnePart; }
  std::span<void* const> handles() const override { return handles_; }

  std::string Encode(const control::v1::Request& request) const override {
    return request.SerializeAsString();
  }

  bool Send(const std::string& to, const std::string& encoded, ChildProcess&) override {
    // libzmq learns of connections only when asked; without this a living peer may look unroutable.
    static_cast<void>(socket_.get(zmq::sockopt::events));
    try {
      const auto flags = zmq::send_flags::dontwait;
      return socket_.send(zmq::buffer(to), flags | zmq::send_flags::sndmore).has_value() &&
             socket_.send(zmq::buffer(encoded), flags).has_value();
    } catch (const zmq::error_t& error) {
      if (error.num() != EHOSTUNREACH) {
        throw;
      }
      return false;
    }
  }

  std::optional<Incoming> Receive(ChildProcess&) override {
    zmq::message_t part;
    if (!socket_.recv(part, zmq::recv_flags::dontwait)) {
      return std::nullopt;
    }
    std::string from = part.to_string();
    std::vector<zmq::message_t> frames;
    // The rest of a message is always there when its first part is.
    for (bool more = part.more(); more;) {
      zmq::message_t& frame = frames.emplace_back();
      more = socket_.recv(frame, zmq::recv_flags::dontwait) && frame.more();
    }
    return Incoming{std::move(from), Parse(frames)};
  }

 private:
  zmq::socket_t socket_;
  std::array<void*, 1> handles_{};
};

}  // namespace

std::unique_ptr<ControlLink> MakeSocketLink(zmq::context_t& context, const std::string& endpoint) {
  return std::make_unique<SocketLink>(context, endpoint);
}

}  // namespace cmb::conformance
