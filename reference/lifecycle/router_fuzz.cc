// Any bytes as acts, five bytes each: the router's invariants hold after every one.
#include "reference/lifecycle/testing/router_traffic.h"
#include "reference/lifecycle/testing/walk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cmb::lifecycle::testing;
  return LiveOrDie(RouterTraffic(), data, size);
}
