// The harness's end of the control channel: a DEALER, one Protobuf message a
// frame of one part (CMB-CTL-002), or standard input and output, one JSON object
// a line (CMB-CTL-043).
//
// Owned by Harness. Threads: the harness's one. Spec: chapter "The control
// channel", connection.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "cmb/control/v1/control.pb.h"

namespace cmb::reference {

class ControlLink {
 public:
  virtual ~ControlLink() = default;

  virtual void Send(const control::v1::FromHarness& message) = 0;

  // The next request if one has come; std::nullopt: none has. What is no Request
  // gives one with seq 0 and nothing in it.
  virtual std::optional<control::v1::Request> Receive() = 0;

  virtual zmq::pollitem_t PollItem() = 0;

  // Whether it reads standard input itself, and has seen its end.
  virtual bool ReadsStdin() const { return false; }
  virtual bool Ended() const { return false; }
};

// `address` is the value of CMB_CONTROL. Throws AddressError.
std::unique_ptr<ControlLink> MakeControlLink(zmq::context_t& context, const std::string& address);

}  // namespace cmb::reference
