// Any bytes as acts, five bytes each: the target's invariants hold after every one. The bytes
// that are left over choose its profile.
#include <cstddef>
#include <cstdint>

#include "reference/lifecycle/testing/target_life.h"
#include "reference/lifecycle/testing/witnessed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cmb::lifecycle::testing;
  Witnessed([&] {
    using cmb::lifecycle::Profile;
    constexpr Profile kProfiles[] = {Profile::kBasic, Profile::kTracked, Profile::kDurable};
    TargetLife life(kProfiles[size % 5 % 3]);
    for (; size >= 5; data += 5, size -= 5) {
      life.Do(ActOf(data, TargetLife::kActs));
    }
    life.ComeToRest();
  });
  return 0;
}
