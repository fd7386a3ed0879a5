// Any bytes as acts, five bytes each: the router's invariants hold after every one.
#include <cstddef>
#include <cstdint>

#include "reference/lifecycle/testing/router_traffic.h"
#include "reference/lifecycle/testing/witnessed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cmb::lifecycle::testing;
  Witnessed([&] {
    RouterTraffic traffic;
    for (; size >= 5; data += 5, size -= 5) {
      traffic.Do(ActOf(data, RouterTraffic::kActs));
    }
    traffic.ComeToRest();
  });
  return 0;
}
