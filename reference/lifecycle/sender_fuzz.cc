// Any bytes as acts, five bytes each: the sender's invariants hold after every one.
#include "reference/lifecycle/testing/sender_life.h"
#include "reference/lifecycle/testing/walk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cmb::lifecycle::testing;
  return LiveOrDie(SenderLife(), data, size);
}
