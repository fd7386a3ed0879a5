// The unit in which stories tell time.
#ifndef REFERENCE_LIFECYCLE_TESTING_SECOND_H_
#define REFERENCE_LIFECYCLE_TESTING_SECOND_H_

#include "reference/lifecycle/types.h"

namespace cmb::lifecycle::testing {

inline constexpr Duration kSecond{1000};

}  // namespace cmb::lifecycle::testing

#endif  // REFERENCE_LIFECYCLE_TESTING_SECOND_H_
