// The options of the commands that read recordings: check and alter. Called by options.
#pragma once

#include <CLI/CLI.hpp>

#include "conformance/runner/options/options.h"

namespace cmb::conformance::runner {

void AddCheck(CLI::App& app, Options& options);
void AddAlter(CLI::App& app, Options& options);

}  // namespace cmb::conformance::runner
