// Whole multipart messages over one ZeroMQ socket. Used by the two kinds of data sockets only.
#pragma once

#include <string>
#include <zmq.hpp>

#include "conformance/lower_tester/bench.h"

namespace cmb::conformance {

// Sends `frames`, after `routing_id` if the socket is a ROUTER. Never blocks. False: there is no
// connection, and nothing was sent. REQUIRES: at least one frame.
bool SendMultipart(zmq::socket_t& socket, const std::string* routing_id, const Frames& frames);

// False: no message is there. `routing_id` is filled if it is not null.
bool ReceiveMultipart(zmq::socket_t& socket, std::string* routing_id, Frames& frames);

// No limit on what is queued, nothing lingers, reconnects at once (spec, control channel).
void SetCommonOptions(zmq::socket_t& socket);

}  // namespace cmb::conformance
