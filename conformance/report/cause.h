// What went wrong in a case, in the order of its history: the earliest breach is its cause, and
// what comes after may follow from it. Made by the runner, read by every report, so that all of
// them name the same. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "conformance/engine/case_result.h"
#include "conformance/oracle/oracle.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::report {

// In the order of blame at one place: the oracle speaks of what was done, an expectation of what
// should have followed, and what stopped the case is a consequence.
enum class CauseKind { kOracle, kExpectation, kStop };

struct Cause {
  CauseKind kind = CauseKind::kOracle;
  Moment moment;
  std::string requirement;  // Empty: no sentence is broken, as far as is known.
  std::string row;          // Of kExpectation: who asks for what did not come.
  std::string about;  // Of kExpectation: what the scenario is about, which so is not shown to hold.
  Place place;        // In the scenario; no line where no step is to name.
  std::string step;   // As written; "rule NAME of the oracle".
  std::string want, got;  // Of kStop: `got` alone.
  std::vector<std::string> window;
  std::size_t more = 0;   // Of the same rule and requirement.
  bool timeless = false;  // What was recorded tells no times.

  // A sentence of the spec is broken. False: the case only ended.
  bool IsBreach() const { return kind != CauseKind::kStop; }
};

// Earliest first. `scenario` is where the findings stand.
std::vector<Cause> CausesOf(const CaseResult& result, const std::vector<oracle::Finding>& findings,
                            const Transcript& transcript, const Place& scenario);

// ", at 1000 ms". Empty: nobody knows when.
std::string WhenText(const Cause& cause);

// "oracle", "expectation", "stop".
const char* CauseWord(CauseKind kind);

}  // namespace cmb::conformance::report
