// One scenario on one implementation, judged: what became of it in a form by which two failures
// are told apart. One thread for each bench.
#pragma once

#include <string>
#include <vector>

#include "conformance/engine/case_result.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/oracle/tables/interpreter.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::explore {

struct Outcome {
  Verdict verdict = Verdict::kHarnessError;
  std::string requirement;  // Of the first cause. Empty: none is to blame.
  std::string row;          // Of the tables, or the rule's name.
  std::string sentence;     // What was seen.

  // Inconclusive and unsupported prove nothing; what the suite itself cannot do is no failure.
  bool IsFailure() const;
  // Equal where two failures have one cause.
  std::string Signature() const;
};

// `applied` becomes the rows of the tables that applied. After a failure the process may be one
// that has done something wrong.
Outcome Try(Bench& bench, const scenario::Case& one, const control::v1::Pics& pics,
            std::vector<oracle::tables::Applied>* applied = nullptr);

}  // namespace cmb::conformance::explore
