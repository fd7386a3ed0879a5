// The words for requests of the control channel in sentences for people. Pure; any thread.
#pragma once

#include <string>

#include "cmb/control/v1/control.pb.h"

namespace cmb::conformance {

// The kind of `request`: "Advance".
std::string RequestName(const control::v1::Request& request);

}  // namespace cmb::conformance
