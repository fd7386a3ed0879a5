// The unit in which stories tell time.
#pragma once

#include "reference/lifecycle/types.h"

namespace cmb::lifecycle::testing {

inline constexpr Duration kSecond{1000};

}  // namespace cmb::lifecycle::testing
