// Which cases a router shows without a harness, as one table: nobody can be told anything, and
// nothing is seen but frames. Called by RunOnWall before a case is played, and after. Pure.
// Scenario language, sections 1 to 4.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/case_result.h"
#include "conformance/scenario/model.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::wall {

// Why the case cannot be played, or shows nothing. `channels`: whose addresses are known.
std::optional<std::string> NeedsHarness(const scenario::Case& one,
                                        const std::vector<std::string>& channels);

// Why what was seen says nothing: it rests on what nobody can set.
std::optional<std::string> RestsOnUnset(const CaseResult& result, const Transcript& transcript);

}  // namespace cmb::conformance::wall
