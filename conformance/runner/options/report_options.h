// Where a run is reported to, and the options of the commands that take reports: merge and diff.
// Called by options.
#pragma once

#include <CLI/CLI.hpp>

#include "conformance/runner/options/options.h"

namespace cmb::conformance::runner {

// --junit, --json, --html, --markdown, --badge, --bundle, --transcript.
void AddReports(CLI::App& run, Options& options);

void AddMerge(CLI::App& app, Options& options);
void AddDiff(CLI::App& app, Options& options);

}  // namespace cmb::conformance::runner
