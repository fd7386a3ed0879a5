// The harness's end of the control channel: a DEALER, one Protobuf message a
// frame of one part (CMB-CTL-002).
//
// Owned by Harness. Threads: the harness's one. Spec: chapter "The control
// channel", connection.
#pragma once

#include <optional>
#include <string>
#include <zmq.hpp>

#include "cmb/control/v1/control.pb.h"

namespace cmb::reference {

class ControlLink {
 public:
  // Connects. Throws AddressError.
  ControlLink(zmq::context_t& context, const std::string& address);

  void Send(const control::v1::FromHarness& message);

  // The next request if one has come; std::nullopt: none has. A frame that is
  // no Request gives one with seq 0 and nothing in it.
  std::optional<control::v1::Request> Receive();

  zmq::pollitem_t PollItem();

 private:
  zmq::socket_t socket_;
};

}  // namespace cmb::reference
