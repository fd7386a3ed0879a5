// Why a case cannot go on, other than by a miss: trouble on the bench, a
// precondition that was not reached, a suite that contradicts itself. Returned
// by value through the engine; absent means that all is well. Scenario
// language, section 10.
#pragma once

#include <optional>
#include <string>

#include "conformance/control/result.h"
#include "conformance/engine/case_result.h"

namespace cmb::conformance::engine {

struct Halt {
  Verdict verdict = Verdict::kHarnessError;
  std::string reason;
  std::string iut_stderr;        // Of the process that was lost. Empty: none was.
  std::string requirement = {};  // That the trouble breaks. Empty: none.
  // All that the IUT sent before is known: it answered with an error, or was asked for nothing.
  bool transcript_whole = false;
};

using MaybeHalt = std::optional<Halt>;

// What the trouble means for the case: a process that ended or stopped
// answering is the IUT's fault, a broken control contract the harness's.
Halt HaltOf(const Trouble& trouble);

// Puts into `result` what stopped the case, as its cause: the breach of the implementation that its
// harness has shown, else the stop. `step` is what was done then.
void NoteHalt(const Halt& halt, const Place& place, const Moment& moment, const std::string& step,
              CaseResult& result);

}  // namespace cmb::conformance::engine
