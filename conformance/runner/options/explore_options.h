// The options of explore. Called by options.
#pragma once

#include <CLI/CLI.hpp>

#include "conformance/runner/options/options.h"

namespace cmb::conformance::runner {

void AddExplore(CLI::App& app, Options& options);

}  // namespace cmb::conformance::runner
