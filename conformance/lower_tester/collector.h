// Receives what the IUT says it has sent, and not one message more. Called by the session after
// each reply; one thread. Spec: chapter control channel (the runner waits until it has M messages).
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "conformance/control/child_process.h"
#include "conformance/lower_tester/ledger.h"
#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {

// Reads until `ledger` owes nothing, at most for `guard`. Sorted by (socket, peer, first-in
// first-out). `during` names the request, for sentences. Troubles: kIutCrashed; kHarnessError when
// a promised message does not come, or one comes over a connection that is not the IUT's.
Result<std::vector<WireMessage>> Collect(WireSockets& sockets, Ledger& ledger, ChildProcess& child,
                                         std::chrono::milliseconds guard,
                                         const std::string& during);

// A frame is there, or comes within `guard`, that no reply has counted.
bool AnythingWaits(const WireSockets& sockets, ChildProcess& child,
                   std::chrono::milliseconds guard);

}  // namespace cmb::conformance
