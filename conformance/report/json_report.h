// The run as one JSON object, for programs. Everything under "timing" differs from run to run;
// the rest is the same whenever the verdicts are, whatever the number of jobs.
#pragma once

#include <iosfwd>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

void WriteJson(const RunReport& report, std::ostream& out);

}  // namespace cmb::conformance::report
