// The options of explore. Called by options.
#pragma once

#include "conformance/runner/options/options.h"

// The library is read by the files of this folder alone.
namespace CLI {
class App;
}  // namespace CLI

namespace cmb::conformance::runner {

void AddExplore(CLI::App& app, Options& options);

}  // namespace cmb::conformance::runner
