// What the two modules of an endurance run have in common: their command line,
// and their ends.
//
// Used by the main files of endurance-sender and endurance-target. Threads: the
// main one. Spec: none, this is for tests of durability.
#pragma once

#include <functional>
#include <string>

#include "reference/endpoint/module_endpoint.h"

namespace cmb::reference {

struct ModuleOptions {
  std::string main, ack_ingress, ack_egress;  // Addresses of the router.
  std::string store;                          // File; made if it is not there.
  std::string notes;                          // File of what the module did; the same.
  std::size_t in_flight = 0;  // Messages without an outcome at a time; of the sender.
};

// The endpoint of the module of that name.
EndpointOptions EndpointOf(const std::string& module_id, const ModuleOptions& options,
                           TxStore& store);

// Reads the command line and runs it. Returns the exit code: 0 it ended well, 2 it
// could not run, 64 wrong use.
int ModuleMain(int argc, char** argv, const std::string& about,
               const std::function<void(const ModuleOptions&)>& run);

}  // namespace cmb::reference
