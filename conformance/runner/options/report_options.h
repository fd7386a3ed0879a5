// Where a run is reported to, and the options of the commands that take reports: merge and diff.
// Called by options.
#pragma once

#include "conformance/runner/options/options.h"

// The library is read by the files of this folder alone.
namespace CLI {
class App;
}  // namespace CLI

namespace cmb::conformance::runner {

// --junit, --json, --html, --markdown, --badge, --bundle, --transcript.
void AddReports(CLI::App& run, Options& options);

void AddMerge(CLI::App& app, Options& options);
void AddDiff(CLI::App& app, Options& options);

}  // namespace cmb::conformance::runner
