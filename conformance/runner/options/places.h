// Where what the program reads stands. Called by the options, which name it in their help, and by
// every command. Reads the file system.
#pragma once

#include <string>
#include <vector>

#include "conformance/runner/options/options.h"

namespace cmb::conformance::runner {

struct Places {
  std::vector<std::string> scenarios;
  std::string root;  // Of ids; empty: each path's own.
  std::string spec;
  std::string free;      // What the oracle leaves free.
  std::string scaffold;  // Harnesses to begin with.
};

// The project's folders: of the tree in which the program stands, else of share/cmb-ack beside it
// (where it is installed); what the options name comes first.
Places FindPlaces(const Options& options);
// Why a command cannot have what it reads; empty: it can.
std::string MissingPlaces(const Options& options);

}  // namespace cmb::conformance::runner
