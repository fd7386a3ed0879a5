// The one place in the suite that waits: for ZeroMQ sockets, the end of a child, or a deadline,
// whichever is first. Meanwhile it empties the child's output pipes, so that an IUT that writes a
// lot never blocks. Called by the control client and the lower tester. One thread per child.
#pragma once

#include <span>

#include "conformance/control/deadline.h"

namespace cmb::conformance {

class ChildProcess;

enum class Wake {
  // At least one socket has a message, or the child has written a whole line (only where its lines
  // are taken). Wins over the end of the child.
  kReadable,
  kChildEnded,  // The child has ended and no socket has a message.
  kDeadline,
};

// Once `descriptor` is readable every wait of every thread ends at once with kDeadline, so that the
// IUTs are killed and the program can end: how an interrupt reaches them. -1: there is none.
void SetInterruptDescriptor(int descriptor);

// What a child sent before it ended may still be on its way: waits so long for any of `sockets`.
inline constexpr std::chrono::milliseconds kLastWords{200};
void WaitForLastWords(std::span<void* const> sockets);

// `sockets` are native ZeroMQ handles (zmq::socket_ref::handle()).
Wake WaitReadable(std::span<void* const> sockets, ChildProcess& child, Deadline deadline);

}  // namespace cmb::conformance
