// Any bytes as acts, five bytes each: the target's invariants hold after every one. How many
// bytes are left over chooses its profile.
#include "reference/lifecycle/testing/target_life.h"
#include "reference/lifecycle/testing/walk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cmb::lifecycle::testing;
  using cmb::lifecycle::Profile;
  constexpr Profile kProfiles[] = {Profile::kBasic, Profile::kTracked, Profile::kDurable};
  return LiveOrDie(TargetLife(kProfiles[size % 5 % 3]), data, size);
}
