// With which error codes an application may refuse or fail its work (spec 2.3).
//
// Called by ModuleEndpoint and its thread. Free of state.
#pragma once

#include "cmb/ack/v1/message.pb.h"

namespace cmb::reference {

// False: a code that the target gives itself (CANCELLED, INTERRUPTED), one that
// nobody gives (CMB-DUP-006), none, or a number that is not assigned.
bool MayHandlerSay(ack::v1::ErrorCode code);

}  // namespace cmb::reference
