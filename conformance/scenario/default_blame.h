// Whom a failure blames where its step does not say: the sentence that asks for what was expected,
// by role and kind of thing. One table, in default_blame.cc, which has the plain rows of
// spec/machines/ and the frames that go with them. Read by the engine. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/scenario/model.h"

namespace cmb::conformance::scenario {

// Of a move of the record; UNSPECIFIED for `from` where it is made, for `reason` where any will do.
// Empty: no row has it.
std::string RowOfMove(words::Role role, words::State from, words::State to, words::Reason reason);

// Of what `what` expects; of several that may be meant, one that `listed` has, or else the first.
// `again`: it was seen of this message before. Empty: no one sentence asks for it.
std::string RowOf(words::Role role, const Expectation& what, bool again,
                  const std::vector<std::string>& listed);

// Of when it comes: what a handler does comes when its script says. Empty: no one sentence.
std::string RowOfTime(words::Role role, const Expectation& what);

}  // namespace cmb::conformance::scenario
