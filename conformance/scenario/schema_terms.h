// Regular expressions of terms, for the JSON Schema: types with the statuses they may have, codes,
// states, reasons, anomalies, each also as a $name. Called by schema_types.cc. No state.
#pragma once

#include <string>
#include <vector>

namespace cmb::conformance::scenario {

// Of what stands in `ack`, in `expect`, in `never`, in a fault. Without anchors.
std::string ActTermPattern();
std::string ExpectTermPattern();
std::string NeverTermPattern();
std::string FaultTermPattern();

// "A|B|C".
std::string Alternatives(const std::vector<std::string>& words);

}  // namespace cmb::conformance::scenario
