// What is scheduled on a case's clock, for example a delayed ACK, in the order in which it falls
// due: by instant, and at one instant in the order of scheduling. Called by the engine; holds no
// thread, no clock and no randomness. Spec: chapter control channel ("never steps over a
// deadline").
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "conformance/clock/virtual_time.h"

namespace cmb::conformance {

// Names one scheduled item, so that it can be taken back. Never reused within one queue.
enum class Ticket : std::uint64_t {};

template <class T>
class EventQueue {
 public:
  // Any instant; one that has passed is due at once.
  Ticket Schedule(VirtualTime at, T item) {
    const Ticket ticket{++scheduled_};
    items_.emplace(Key{at, ticket}, std::move(item));
    return ticket;
  }

  // False: it has been taken already, or the ticket is not of this queue.
  bool TakeBack(Ticket ticket) {
    const auto found = std::find_if(items_.begin(), items_.end(), [ticket](const auto& entry) {
      return entry.first.second == ticket;
    });
    if (found == items_.end()) {
      return false;
    }
    items_.erase(found);
    return true;
  }

  // Instant of the first item. Absent: nothing is scheduled.
  std::optional<VirtualTime> Next() const {
    if (items_.empty()) {
      return std::nullopt;
    }
    return items_.begin()->first.first;
  }

  // The first item, if it is due at `now` or before. Call until there is none: an item scheduled
  // meanwhile for this same instant comes last.
  std::optional<T> TakeDue(VirtualTime now) {
    if (items_.empty() || items_.begin()->first.first > now) {
      return std::nullopt;
    }
    return std::optional<T>(std::move(items_.extract(items_.begin()).mapped()));
  }

  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }
  void Clear() { items_.clear(); }

 private:
  using Key = std::pair<VirtualTime, Ticket>;
  std::map<Key, T> items_;
  std::uint64_t scheduled_ = 0;
};

// The next instant at which time may stand on the way to `goal`: the earliest of the goal, the
// first scheduled item and the IUT's next protocol deadline, none of which is stepped over. What is
// overdue counts as now: time never runs backwards.
inline VirtualTime NextStop(VirtualTime now, VirtualTime goal, std::optional<VirtualTime> scheduled,
                            std::optional<VirtualTime> deadline) {
  const VirtualTime stop =
      std::min({goal, scheduled.value_or(kEndOfTime), deadline.value_or(kEndOfTime)});
  return std::max(now, stop);
}

}  // namespace cmb::conformance
