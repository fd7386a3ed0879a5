// Fills the choices of one combination into a document: `$axis`, `when` about
// axes, `with`. What comes out holds no trace of the matrix. No state.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "conformance/scenario/matrix.h"
#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

// The document of one case; its id has the labels. Axes that were looked at
// are added to `used`.
Node Expand(const Node& document, const std::vector<Axis>& axes, const Combination& combination,
            std::set<std::string>& used, Report& report);

}  // namespace cmb::conformance::scenario
