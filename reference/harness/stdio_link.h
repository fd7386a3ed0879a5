// The control channel as lines of JSON on standard input and output.
//
// Made by MakeControlLink. Threads: the harness's one. Spec: chapter "The control
// channel", standard input and output.
#pragma once

#include <optional>
#include <string>

#include "reference/harness/control_link.h"

namespace cmb::reference {

class StdioLink final : public ControlLink {
 public:
  void Send(const control::v1::FromHarness& message) override;
  std::optional<control::v1::Request> Receive() override;
  zmq::pollitem_t PollItem() override;
  bool ReadsStdin() const override { return true; }
  bool Ended() const override { return ended_; }

 private:
  void ReadMore();

  std::string read_;  // Not yet taken.
  bool ended_ = false;
};

}  // namespace cmb::reference
