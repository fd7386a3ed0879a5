// Options that several commands of cmb-conformance take. Called by options and recording_options.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/runner/options/options.h"

// The library is read by the files of this folder alone.
namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace cmb::conformance::runner {

// One of these, in whatever case it is written; it becomes what stands here.
CLI::Validator OneOfWords(const std::vector<std::string>& words);

// A path that is empty comes of a variable of a script that is not set.
CLI::Validator NotEmpty();

CLI::Validator WholeNumber(std::uint64_t least = 0);

// --scenarios and --spec.
void AddSources(CLI::App& command, Options& options);
// The same as --scenarios, for commands that take nothing else.
void AddPaths(CLI::App& command, Options& options);
// --run, --skip, --role, --profile, --shard.
void AddSelection(CLI::App& command, Options& options);
void AddSpec(CLI::App& command, Options& options);
void AddSeed(CLI::App& command, Options& options);
// `what`: cases, recordings.
void AddJobs(CLI::App& command, Options& options, const std::string& what);

}  // namespace cmb::conformance::runner
