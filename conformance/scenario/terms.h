// Terms: what is put or seen, in the words of the spec (scenario language,
// section 2). No state.
#pragma once

#include <optional>

#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

// Where a term stands decides what it may be.
enum class TermUse {
  kAct,     // An ACK with its status.
  kExpect,  // Anything but `any`; an ACK with its status or /any.
  kNever,   // Anything; a bare type means any status.
  kFault,   // A frame but PING and PONG, or `any`; as in kNever.
};

// `nothing` is no term: the caller looks for it first.
std::optional<Term> ParseTerm(const Node& node, TermUse use, Report& report);

}  // namespace cmb::conformance::scenario
