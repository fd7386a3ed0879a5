// --router of run: a router that runs already, without a harness. Called by the command line and
// the run command. Pure.
#pragma once

#include <string>
#include <vector>

#include "conformance/lower_tester/black_box_bench.h"
#include "conformance/runner/options/options.h"

// The library is read by the files of this folder alone.
namespace CLI {
class App;
}  // namespace CLI

namespace cmb::conformance::runner {

// --router, --features.
void AddRouter(CLI::App& run, Options& options);

// What was parsed of it, completed: only cases of routers are left. What is wrong with it; empty:
// nothing. REQUIRES: TakeAttach was called.
std::string TakeRouter(const CLI::App& run, Options& options);

// REQUIRES: options.router.
BlackBoxOptions BlackBoxOf(const Options& options);

// The words of the command line that say the same again.
std::vector<std::string> RouterWords(const Options& options);

}  // namespace cmb::conformance::runner
