// The sockets that an endpoint's options ask for: which there are, where they
// connect, how they are set up.
//
// Called by EndpointThread before it opens them. Free of state. Spec: chapter
// "Wire binding", sockets; 18.1.
#pragma once

#include <string>
#include <vector>

#include "reference/endpoint/module_endpoint.h"
#include "reference/shell/zmq_transport.h"

namespace cmb::reference {

// These throw std::invalid_argument, which says what is wrong: no module id, no
// channel, a router without a name, a name that stands twice.
SocketMap SocketMapOf(const EndpointOptions& options);
SocketOptions SocketOptionsOf(const EndpointOptions& options);

// One address for each socket of the map, in its order.
std::vector<std::string> AddressesOf(const EndpointOptions& options);

}  // namespace cmb::reference
