// Cases in which the implementation under test (IUT) compares two instants that are one, or a
// duration with one that is as long: on a real clock neither is. Such a case has no verdict there,
// whatever it shows. Called by RunOnWall. Pure. Scenario language, sections 1 to 4.
#pragma once

#include "conformance/scenario/model.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::wall {

bool Needs(const scenario::Case& one, const std::string& feature);

// From what is written and from what came to the IUT, not from what is judged.
bool HasTie(const scenario::Case& one, const Transcript& transcript);

}  // namespace cmb::conformance::wall
