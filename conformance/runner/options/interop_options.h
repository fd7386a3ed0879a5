// The options of the interop command. Called by options.
#pragma once

#include <string>
#include <vector>

#include "conformance/runner/options/options.h"

// The library is read by the files of this folder alone.
namespace CLI {
class App;
}  // namespace CLI

namespace cmb::conformance::runner {

void AddInterop(CLI::App& app, Options& options);

// The words of a command as a shell would split them; quotes hold words together.
std::vector<std::string> WordsOf(const std::string& command);

}  // namespace cmb::conformance::runner
