// The JSON Schema (draft-07) of scenario files, printed from the table of the language and the
// words of the protocol, so that an editor completes and checks while somebody writes. It says of
// each document alone what can be said without its meaning: keys, types, words; the loader says the
// rest. Called by `cmb-conformance schema` and by the test that keeps
// scenarios/scenario.schema.json. No state.
#pragma once

#include <string>

namespace cmb::conformance::scenario {

// One definition a line, a line feed at the end.
std::string JsonSchema();

}  // namespace cmb::conformance::scenario
