// Failures that an implementation knows of: exact, so that neither a new failure nor a mended one
// goes unseen. Read and written by the run command. Pure but for ReadExpected.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "conformance/report/run_report.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::runner {

struct ExpectedFailure {
  std::string case_id;
  std::string requirement;  // That the case blames first.
  std::string reason;       // For people.
  std::string where;        // "known.yaml:3".
};

// A YAML list of {case, requirement, reason}; all three are required. Else complaints.
std::variant<std::vector<ExpectedFailure>, std::vector<std::string>> ReadExpected(
    const std::string& path);

// What it blames first; what it is about where it blames nothing.
std::string BlameOf(const report::CaseRecord& record);

// Entries that match no case of `all`, as complaints.
std::vector<std::string> UnknownCases(const std::vector<ExpectedFailure>& expected,
                                      const std::vector<scenario::Case>& all);

// Notes each failure that was expected in its record. The complaints: entries that pass by now, or
// that blame something else. Cases that were not run are left alone.
std::vector<std::string> ApplyExpected(const std::vector<ExpectedFailure>& expected,
                                       report::RunReport& report);

// The file that expects exactly what failed; reasons that were given stay, and so do entries of
// cases that were not run.
std::string ExpectedText(const std::vector<ExpectedFailure>& before,
                         const report::RunReport& report);

}  // namespace cmb::conformance::runner
