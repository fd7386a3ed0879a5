// Of a whole run: what is wrong with the implementation, rather than which cases failed. Cases with
// the same first cause are one; the most basic comes first, by the order of spec/requirements.json.
// Made from the report by its writers. Borrows from it. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

struct RunCause {
  Verdict verdict = Verdict::kFail;
  std::string requirement;  // Empty: no sentence is blamed.
  std::vector<const CaseRecord*> cases;
  const CaseRecord* example = nullptr;  // Of `cases`, with the shortest history.
  // Causes of their own in cases that blame this one too, and in how many cases.
  std::vector<std::pair<std::string, std::size_t>> under;
};

// Most basic first; what stopped cases before what they broke, what is inconclusive last.
std::vector<RunCause> RunCauses(const RunReport& report);

// As people read them, in at most `most_lines` lines: with an example each as far as that goes.
std::string RunCausesText(const RunReport& report, std::size_t most_lines);

}  // namespace cmb::conformance::report
