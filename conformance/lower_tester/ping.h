// PING and PONG as the suite makes, recognises and answers them. Pure functions over frames, no
// sockets; any thread. Spec: chapter wire binding (PING is answered by everybody).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {

// A PING over `path`, named `nonce`.
WireMessage MakePing(const Path& path, const std::string& nonce);

// The nonce that `frames` answer. Absent: they are no PONG.
std::optional<std::string> NonceOfPong(const Frames& frames);

bool IsPing(const Frames& frames);

// What the suite says to a PING of the IUT: a PONG on the pair of the socket it came by, in the
// name of the module it asked for; for a module among `absent`, ROUTER_ACK/REJECTED NO_ROUTE, as
// the suite's router says it. Absent: `message` is no PING, or came by a socket that has no pair.
std::optional<WireMessage> AnswerToPing(const WireMessage& message, const SocketLayout& layout,
                                        const std::vector<std::string>& absent);

// "PONG", "ACK EXECUTION_ACK/SUCCESS", "3 frames that are no message": for sentences.
std::string Describe(const Frames& frames);

}  // namespace cmb::conformance
