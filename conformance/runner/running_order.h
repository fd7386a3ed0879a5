// In which order the cases are run; the report has them as they were given. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "conformance/scenario/model.h"

namespace cmb::conformance::runner {

// The places of `cases`: those that one process can serve stand together, since starting one costs
// more than most cases; among these the long ones come first, so that the workers end together.
std::vector<std::size_t> RunningOrder(const std::vector<scenario::Case>& cases);

}  // namespace cmb::conformance::runner
