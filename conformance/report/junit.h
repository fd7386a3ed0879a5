// The run as JUnit XML, for CI: one test suite for each role, one test case for each case. Cases
// that are inconclusive or had a harness error are errors, unsupported ones are skipped. No times
// and no hosts: two runs with the same verdicts give the same bytes.
#pragma once

#include <iosfwd>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

void WriteJUnit(const RunReport& report, std::ostream& out);

}  // namespace cmb::conformance::report
