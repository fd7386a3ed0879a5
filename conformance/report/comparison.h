// Two runs of the same cases, and what became better or worse between them. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

// One case whose outcome differs; the words are verdicts, "not run" or "absent".
struct Difference {
  std::string case_id;
  std::string before, after;
  std::string blamed_before, blamed_after;  // The first cause's sentence. Empty: none.
};

struct Comparison {
  std::vector<Difference> worse;   // Passed, and does not any more, or is gone.
  std::vector<Difference> better;  // Did not pass, and does.
  std::vector<Difference> other;   // Another verdict or another first cause.
  std::vector<Difference> fresh;   // Only in the second run, and passed or unsupported there.
  std::uint64_t same = 0;
};

Comparison Compare(const RunReport& before, const RunReport& after);

// A line each, under headings; the counts last. Printable.
std::string ComparisonText(const Comparison& comparison);

}  // namespace cmb::conformance::report
