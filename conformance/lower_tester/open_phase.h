// The open phase: between Configure and Begin, every path is PINGed with fresh nonces until the
// last nonce of each is answered. Then all connections are up and nothing of before is on its way.
// Called by the session; one thread. Spec: chapter control channel.
#pragma once

#include <chrono>

#include "conformance/control/child_process.h"
#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {

// PINGs of the IUT are answered meanwhile; for modules among `absent` with NO_ROUTE. Troubles:
// kIutCrashed, or kHarnessError when a path stays unanswered for `guard`.
Result<Done> RunOpenPhase(WireSockets& sockets, const std::vector<std::string>& absent,
                          ChildProcess& child, std::chrono::milliseconds guard);

}  // namespace cmb::conformance
