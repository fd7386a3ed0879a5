// The options of the commands that read recordings: check and alter. Called by options.
#pragma once

#include "conformance/runner/options/options.h"

// The library is read by the files of this folder alone.
namespace CLI {
class App;
}  // namespace CLI

namespace cmb::conformance::runner {

void AddCheck(CLI::App& app, Options& options);
void AddAlter(CLI::App& app, Options& options);

}  // namespace cmb::conformance::runner
