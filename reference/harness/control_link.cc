#include "reference/harness/control_link.h"

#include <fmt/format.h>

#include "reference/harness/stdio_link.h"
#include "reference/shell/zmq_transport.h"

namespace cmb::reference {
namespace {

// The last reply must leave before the process does.
constexpr int kLingerMs = 500;

constexpr char kStdio[] = "stdio";

class SocketLink final : public ControlLink {
 public:
  SocketLink(zmq::context_t& context, const std::string& address)
      : socket_(context, zmq::socket_type::dealer) {
    socket_.set(zmq::sockopt::linger, kLingerMs);
    socket_.set(zmq::sockopt::reconnect_ivl, 1);
    try {
      socket_.connect(address);
    } catch (const zmq::error_t& error) {
      throw AddressError(
          fmt::format("CMB_CONTROL is \"{}\": {}; it must be \"stdio\" or an address such as "
                      "ipc:///tmp/control",
                      address, error.what()));
    }
  }

  void Send(const control::v1::FromHarness& message) override {
    socket_.send(zmq::buffer(message.SerializeAsString()), zmq::send_flags::none);
  }

  std::optional<control::v1::Request> Receive() override {
    zmq::message_t frame;
    if (zmq_msg_recv(frame.handle(), socket_.handle(), ZMQ_DONTWAIT) < 0) {
      return std::nullopt;
    }
    control::v1::Request request;
    bool single = true;
    bool parsed = request.ParseFromArray(frame.data(), static_cast<int>(frame.size()));
    while (frame.more()) {
      single = false;
      static_cast<void>(socket_.recv(frame));
    }
    return single && parsed ? request : control::v1::Request();
  }

  zmq::pollitem_t PollItem() override { return {socket_.handle(), 0, ZMQ_POLLIN, 0}; }

 private:
  zmq::socket_t socket_;
};

}  // namespace

std::unique_ptr<ControlLink> MakeControlLink(zmq::context_t& context, const std::string& address) {
  if (address == kStdio) {
    return std::make_unique<StdioLink>();
  }
  return std::make_unique<SocketLink>(context, address);
}

}  // namespace cmb::reference
