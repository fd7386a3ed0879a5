// What the bench starts, and how it speaks to it. Values. Spec: chapter control channel.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cmb/control/v1/control.pb.h"
#include "conformance/control/control_client.h"

namespace cmb::conformance {

// CMB_INCARNATION of every process that is attached: it is set by hand, and once.
inline constexpr char kAttached[] = "attached";

struct LockStepOptions {
  std::vector<std::string> command;  // The IUT's harness; empty where `attach` is not.
  // Where a harness that somebody else starts finds the suite ("tcp://127.0.0.1:PORT"). Such a
  // process is neither killed nor seen to end.
  std::string attach{};
  // Called each time the bench waits for that harness, with the value of CMB_CONTROL.
  std::function<void(const std::string& address)> await_harness = [](const std::string&) {};
  Guards guards;
  bool stdio = false;  // Control by its standard input and output.
  // How frames reach it.
  control::v1::Binding binding = control::v1::BINDING_UNSPECIFIED;
};

}  // namespace cmb::conformance
