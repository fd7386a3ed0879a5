// Whether an item is of the kind that a term names (selection), and whether it
// then agrees with the rest of the term (judgement). `expect` needs the two
// apart: it never skips a wrong answer to find a right one. Pure. Scenario
// language, sections 2 and 4.
#pragma once

#include <string>

#include "conformance/engine/item.h"
#include "conformance/scenario/values.h"

namespace cmb::conformance::engine {

// Same kind: type without status, except that EXECUTION_ACK/IN_PROGRESS and a
// terminal EXECUTION_ACK are two kinds, and so are the states of an alert.
bool SameKind(const scenario::Term& term, const Item& item);

// Same kind, and status, code, states and reason where they are written.
bool Agrees(const scenario::Term& term, const Item& item);

// The same two for a header that no IUT sent: faults select by them.
bool SameKind(const scenario::Term& term, const ack::v1::CognitiveMessage& header);
bool Agrees(const scenario::Term& term, const ack::v1::CognitiveMessage& header);

// PING and PONG prove paths and are bent by no fault.
bool IsBarrier(ItemKind kind);

}  // namespace cmb::conformance::engine
