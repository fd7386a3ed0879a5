// Options that several commands of cmb-conformance take. Called by options and recording_options.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "conformance/runner/options/options.h"

namespace cmb::conformance::runner {

// Empty: `word` is a whole number, as CLI11 wants it.
std::string WholeNumberFault(std::string& word);

void AddSpec(CLI::App& command, Options& options);
void AddSeed(CLI::App& command, Options& options);
// `what`: cases, recordings.
void AddJobs(CLI::App& command, Options& options, const std::string& what);

}  // namespace cmb::conformance::runner
