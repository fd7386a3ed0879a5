// The run as one JSON object, for programs. Everything under "timing" differs from run to run;
// the rest is the same whenever the verdicts are, whatever the number of jobs.
#pragma once

#include <iosfwd>
#include <string>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

// The same as text; indent -1: on one line.
std::string JsonText(const RunReport& report, int indent);

void WriteJson(const RunReport& report, std::ostream& out);

}  // namespace cmb::conformance::report
