// A run as it was written to JSON, read again: for the commands that put reports together. Called
// by the runner.
#pragma once

#include <string>
#include <variant>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

// The report without its requirements, which are the specification's, and what JsonText works out
// from the rest; or one sentence that names the file and what is wrong with it.
std::variant<RunReport, std::string> ReadJson(const std::string& path);

}  // namespace cmb::conformance::report
