// Runs of parts of the cases, put together. Pure; any thread.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

// Parts of one run as one: the same implementation, binding, clock and seed, and no case twice. Or
// one sentence that says what does not fit. `names` are those of the files, for that sentence.
std::variant<RunReport, std::string> Merged(std::vector<RunReport> parts,
                                            const std::vector<std::string>& names);

}  // namespace cmb::conformance::report
