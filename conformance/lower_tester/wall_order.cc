#include "conformance/lower_tester/wall_order.h"

#include <algorithm>

#include "conformance/lower_tester/wall_words.h"

namespace cmb::conformance {
namespace {

// So many instants can each be a little earlier than the one before.
constexpr std::uint64_t kDrifts = 8;

constexpr std::uint64_t kNever = ~std::uint64_t{0};

}  // namespace

TimersOfInstant TimersAt(const control::v1::TimerList& list, const WallScale& scale,
                         std::uint64_t to) {
  TimersOfInstant found;
  std::uint64_t first = kNever, last = 0;
  for (const control::v1::Timer& timer : list.timers()) {
    const bool behind = IsBehind(timer);
    const std::uint64_t at =
        timer.deadline_ms() - std::min<std::uint64_t>(timer.deadline_ms(), behind);
    if (scale.ToProtocol(at) == to) {
      (behind ? found.behind : found.any) = true;
      first = std::min(first, at);
      last = std::max(last, at);
    }
  }
  found.apart = found.any && first != last;
  return found;
}

bool NeedsOrder(const TimersOfInstant& timers, control::v1::Fire fire, bool messages) {
  const bool acts_first =
      fire == control::v1::FIRE_NONE || (messages && fire == control::v1::FIRE_AFTER_FRAMES);
  return timers.apart || (timers.any && timers.behind) || (acts_first && timers.any) ||
         (messages && timers.behind);
}

std::uint64_t NextDrift(std::uint64_t drift_ms, std::uint64_t grace_ms, bool shrinking) {
  return std::min(shrinking ? grace_ms : grace_ms / 2, drift_ms + grace_ms / kDrifts);
}

}  // namespace cmb::conformance
