// What the bench starts, and how it speaks to it. Values. Spec: chapter control channel.
#pragma once

#include <string>
#include <vector>

#include "cmb/control/v1/control.pb.h"
#include "conformance/control/control_client.h"

namespace cmb::conformance {

struct LockStepOptions {
  std::vector<std::string> command;  // The IUT's harness; not empty.
  Guards guards;
  bool stdio = false;  // Control by its standard input and output.
  // How frames reach it; one of the inline bindings where `stdio`.
  control::v1::Binding binding = control::v1::BINDING_UNSPECIFIED;
};

}  // namespace cmb::conformance
