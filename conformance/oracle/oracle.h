// The oracle: judges the finished transcript of any case by the state tables of the specification
// (tables/) and by every rule over whole histories that applies to its role. Called by the runner
// after each case, whatever the scenario expected. It shares nothing with an implementation. Pure;
// any thread. Spec: chapter conformance.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "conformance/oracle/rule.h"
#include "conformance/oracle/tables/interpreter.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::oracle {

struct Finding {
  std::string rule;
  std::string requirement;
  std::string holds;      // What the rule demands.
  std::string sentence;   // What was seen instead.
  std::size_t entry = 0;  // Where, index into Transcript::entries.
  int step = kGivenStep;  // In whose window.
  int line = 0;           // Of that step's marker; 0 when it has none.
};

// In the order of topics. Names are unique.
const std::vector<Rule>& AllRules();

// Every breach, in the order of the transcript; of one rule at most kFindingsOfOneRule. Where
// nothing but frames was seen, only the rules judge.
inline constexpr std::size_t kFindingsOfOneRule = 10;
// `applied` becomes the rows of the tables that applied. Null: nobody wants to know.
std::vector<Finding> Judge(const Transcript& transcript,
                           std::vector<tables::Applied>* applied = nullptr);

}  // namespace cmb::conformance::oracle
