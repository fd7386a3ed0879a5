// What the frames that a sender received prove about the work of a message. Called by the outcome
// rules. Pure. Spec: chapter late and conflicting ACKs (certainty).
#pragma once

#include "conformance/oracle/facts.h"

namespace cmb::conformance::oracle {

// Somebody who may say so has said, no later than `now`, that the handler had started.
bool StartWasAttested(const Story& story, const Facts& facts, const Mark& now);

// There is positive evidence, no later than `now`, that it has not started and will not.
bool StartWasRuledOut(const Story& story, const Facts& facts, const Mark& now);

// The ACK that attested the start first, if that had been ruled out before it; else null.
const AckSeen* WrongProof(const Story& story, const Facts& facts);

}  // namespace cmb::conformance::oracle
