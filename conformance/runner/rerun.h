// The command that repeats one case of a run. Used by the run command.
#pragma once

#include <string>

#include "conformance/runner/options/options.h"

namespace cmb::conformance::runner {

// As a user would type it, quoted for a shell.
std::string Rerun(const Options& options, const std::string& case_id);

}  // namespace cmb::conformance::runner
