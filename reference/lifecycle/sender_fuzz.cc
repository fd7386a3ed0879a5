// Any bytes as acts, five bytes each: the sender's invariants hold after every one.
#include <cstddef>
#include <cstdint>

#include "reference/lifecycle/testing/sender_life.h"
#include "reference/lifecycle/testing/witnessed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cmb::lifecycle::testing;
  Witnessed([&] {
    SenderLife life;
    for (; size >= 5; data += 5, size -= 5) {
      life.Do(ActOf(data, SenderLife::kActs));
    }
    life.ComeToRest();
  });
  return 0;
}
