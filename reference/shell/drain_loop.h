// One turn of a loop on the real clock: wait until something is there or due,
// take what is there, fire what is due, and commit it all at once.
//
//   while (running) { DrainOnce(transport, shell, clock, stalls, {wake.fd()}, kLongest); … }
//
// Called by RouterProgram and ModuleEndpoint. Threads: the loop's. Spec: chapter
// "Timers and retry".
#pragma once

#include <chrono>
#include <vector>

#include "reference/shell/clock.h"
#include "reference/shell/role_shell.h"
#include "reference/shell/stall_watch.h"
#include "reference/shell/zmq_transport.h"

namespace cmb::reference {

// One poll per receive would cost a third of the throughput; more than this at
// a turn would starve the timers.
inline constexpr int kReceivesPerTurn = 256;

// Waits until a socket or one of `fds` is readable, a timer is due, or
// `at_most` is over; then takes up to kReceivesPerTurn messages, fires every
// timer that is due, and commits.
void DrainOnce(ZmqTransport& transport, RoleShell& shell, const Clock& clock, StallWatch& stalls,
               const std::vector<int>& fds, std::chrono::milliseconds at_most);

}  // namespace cmb::reference
