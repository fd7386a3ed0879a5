#include "reference/shell/clock_memory.h"

#include <algorithm>
#include <string>

namespace cmb::reference {

std::uint64_t ContinuedNowMs(TxStore& store, std::uint64_t wall_ms) {
  const auto zero = store.Meta(kWallOfZero);
  if (!zero) {
    store.SetMeta(kWallOfZero, std::to_string(wall_ms));
    store.Commit();
    return 0;
  }
  const std::uint64_t wall_of_zero = std::stoull(*zero);
  const std::uint64_t by_wall = wall_ms > wall_of_zero ? wall_ms - wall_of_zero : 0;
  const auto last = store.Meta(kLastInstant);
  const std::uint64_t now = std::max<std::uint64_t>(by_wall, last ? std::stoull(*last) : 0);
  if (now > by_wall) {  // The wall clock was set back: what is instant 0 by it is another time.
    store.SetMeta(kWallOfZero, std::to_string(wall_ms - now));
    store.Commit();
  }
  return now;
}

std::uint64_t BegunMs(TxStore& store, std::uint64_t now_ms) {
  const auto began = store.Meta(kBegan);
  if (began) {
    return std::stoull(*began);
  }
  store.SetMeta(kBegan, std::to_string(now_ms));
  store.Commit();
  return now_ms;
}

RealClock ContinuedClock(TxStore& store) {
  return store.IsDurable() ? RealClock::From(ContinuedNowMs(store, RealClock().WallMs()))
                           : RealClock();
}

}  // namespace cmb::reference
