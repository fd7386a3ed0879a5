// Data sockets that are none: frames in the control channel. Made by the session. One thread.
// Spec: chapter control channel, without data sockets.
#pragma once

#include <memory>

#include "cmb/control/v1/control.pb.h"
#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {

// REQUIRES: `binding` is inline, and `settings` ask for no CURVE and have no bad keys.
std::unique_ptr<WireSockets> MakeInlineSockets(const CaseSettings& settings,
                                               control::v1::Binding binding);

}  // namespace cmb::conformance
