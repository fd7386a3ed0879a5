// What a case that did not pass tells its reader, as plain text: first the sentence of the spec,
// then where, want and got, then the evidence, last the command to run it again. Used by the
// terminal and the JUnit report. Pure. Design, section 4.4.
#pragma once

#include <string>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

std::string FailureText(const CaseRecord& record, const RequirementIndex& requirements);

// One missed observation of level SHOULD.
std::string AdviceText(const Miss& miss, const RequirementIndex& requirements);

// The last lines that the IUT wrote to stderr, under a line that says so. Empty where it wrote
// nothing. Printable.
std::string StderrText(const std::string& iut_stderr);

}  // namespace cmb::conformance::report
