// Timers as values. A core arms and disarms them in its TimerTable; its shell
// asks for the next deadline, waits however it likes, and has the core fire
// what is due, one timer a call. Spec: chapter timers.
//
// CMB-TMR-013, order of firing: (deadline, TTL before others, order of arming).
//
// Threads: not safe; one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "reference/lifecycle/types.h"
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

// Protocol timers change states and send frames; housekeeping only frees
// memory, so that "no timer is armed" can be said of a core at rest.
enum class TimerClass { kProtocol, kHousekeeping };

TimerClass ClassOf(TimerKind kind);

struct Timer {
  MessageKey key;
  TimerKind kind = TimerKind::kUnspecified;
  Instant deadline;
  bool operator==(const Timer&) const = default;
};

// A timer of one record as an image keeps it. `order` tells which of two that
// end at one instant was armed first, across records and restarts.
struct ArmedTimer {
  TimerKind kind = TimerKind::kUnspecified;
  Instant deadline;
  std::uint64_t order = 0;
  bool operator==(const ArmedTimer&) const = default;
};

class TimerTable {
 public:
  // Arms, or arms anew: a timer armed again takes a new place in the order.
  void Arm(const MessageKey& key, TimerKind kind, Instant deadline);
  void Disarm(const MessageKey& key, TimerKind kind);
  // Disarms every timer of the record.
  void DisarmAll(const MessageKey& key);
  // Disarms every protocol timer of the record.
  void DisarmProtocol(const MessageKey& key);

  std::optional<Instant> DeadlineOf(const MessageKey& key, TimerKind kind) const;

  // Every timer of the record, by kind, to be armed again after a restart.
  std::vector<ArmedTimer> Of(const MessageKey& key) const;
  // Arms them as they were armed, at their deadlines and places in the order.
  // A deadline that passed meanwhile is `now`.
  void Restore(const MessageKey& key, const std::vector<ArmedTimer>& timers, Instant now);

  // The first timer of the class in firing order; none: nothing is armed.
  std::optional<Timer> Next(TimerClass timer_class) const;
  // Takes out the first timer of the class if its deadline is `now` or earlier.
  std::optional<Timer> PopDue(Instant now, TimerClass timer_class);

  // All timers in firing order, both classes.
  std::vector<Timer> All() const;
  std::size_t size() const { return index_.size(); }

 private:
  void Put(const MessageKey& key, const ArmedTimer& timer);

  struct Place {
    Instant deadline;
    int rank = 1;  // 0 for TTL.
    std::uint64_t armed = 0;
    auto operator<=>(const Place&) const = default;
  };
  using Id = std::pair<MessageKey, TimerKind>;
  using Queue = std::map<Place, Id>;

  Queue& QueueOf(TimerKind kind);
  const Queue& QueueOf(TimerClass timer_class) const;

  std::map<Id, Place> index_;
  Queue protocol_;
  Queue housekeeping_;
  std::uint64_t arms_ = 0;
};

}  // namespace cmb::lifecycle
