// What the frames that a sender received prove about the work of a message. Called by the outcome
// rules. Pure. Spec: chapter late and conflicting ACKs (certainty).
#pragma once

#include "conformance/oracle/history/history.h"

namespace cmb::conformance::oracle {

// Somebody who may say so has said, no later than `now`, that the handler had started.
bool StartWasAttested(const MessageHistory& message, const History& history, const Mark& now);

// There is positive evidence, no later than `now`, that it has not started and will not.
bool StartWasRuledOut(const MessageHistory& message, const History& history, const Mark& now);

// The ACK that attested the start first, if that had been ruled out before it; else null.
const AckSeen* WrongProof(const MessageHistory& message, const History& history);

}  // namespace cmb::conformance::oracle
