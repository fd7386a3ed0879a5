#include "reference/lifecycle/timers.h"

#include <algorithm>

namespace cmb::lifecycle {

TimerClass ClassOf(TimerKind kind) {
  const bool is_housekeeping = kind == TimerKind::kReconcile || kind == TimerKind::kRecordExpiry ||
                               kind == TimerKind::kHeartbeat;
  return is_housekeeping ? TimerClass::kHousekeeping : TimerClass::kProtocol;
}

TimerTable::Queue& TimerTable::QueueOf(TimerKind kind) {
  return ClassOf(kind) == TimerClass::kProtocol ? protocol_ : housekeeping_;
}

const TimerTable::Queue& TimerTable::QueueOf(TimerClass timer_class) const {
  return timer_class == TimerClass::kProtocol ? protocol_ : housekeeping_;
}

void TimerTable::Arm(const MessageKey& key, TimerKind kind, Instant deadline) {
  Put(key, {kind, deadline, arms_ + 1});
}

void TimerTable::Restore(const MessageKey& key, const std::vector<ArmedTimer>& timers,
                         Instant now) {
  for (const ArmedTimer& timer : timers) {
    Put(key, {timer.kind, std::max(timer.deadline, now), timer.order});
  }
}

// CMB-TMR-008: at one instant the TTL comes first.
void TimerTable::Put(const MessageKey& key, const ArmedTimer& timer) {
  Disarm(key, timer.kind);
  const Place place{timer.deadline, timer.kind == TimerKind::kTtl ? 0 : 1, timer.order};
  index_.emplace(Id{key, timer.kind}, place);
  QueueOf(timer.kind).emplace(place, Id{key, timer.kind});
  arms_ = std::max(arms_, timer.order);
}

void TimerTable::Disarm(const MessageKey& key, TimerKind kind) {
  const auto found = index_.find(Id{key, kind});
  if (found == index_.end()) {
    return;
  }
  QueueOf(kind).erase(found->second);
  index_.erase(found);
}

void TimerTable::DisarmProtocol(const MessageKey& key) {
  for (const ArmedTimer& timer : Of(key)) {
    if (ClassOf(timer.kind) == TimerClass::kProtocol) {
      Disarm(key, timer.kind);
    }
  }
}

void TimerTable::DisarmAll(const MessageKey& key) {
  for (const ArmedTimer& timer : Of(key)) {
    Disarm(key, timer.kind);
  }
}

std::vector<ArmedTimer> TimerTable::Of(const MessageKey& key) const {
  const auto end = index_.upper_bound(Id{key, TimerKind::kHeartbeat});  // The last kind.
  std::vector<ArmedTimer> timers;
  for (auto at = index_.lower_bound(Id{key, TimerKind::kUnspecified}); at != end; ++at) {
    timers.push_back({at->first.second, at->second.deadline, at->second.armed});
  }
  return timers;
}

std::optional<Instant> TimerTable::DeadlineOf(const MessageKey& key, TimerKind kind) const {
  const auto found = index_.find(Id{key, kind});
  if (found == index_.end()) {
    return std::nullopt;
  }
  return found->second.deadline;
}

std::optional<Timer> TimerTable::Next(TimerClass timer_class) const {
  const Queue& queue = QueueOf(timer_class);
  if (queue.empty()) {
    return std::nullopt;
  }
  const auto& [place, id] = *queue.begin();
  return Timer{id.first, id.second, place.deadline};
}

std::optional<Timer> TimerTable::PopDue(Instant now, TimerClass timer_class) {
  const std::optional<Timer> next = Next(timer_class);
  if (!next || next->deadline > now) {
    return std::nullopt;
  }
  Disarm(next->key, next->kind);
  return next;
}

std::vector<Timer> TimerTable::All() const {
  Queue merged = protocol_;
  merged.insert(housekeeping_.begin(), housekeeping_.end());
  std::vector<Timer> all;
  for (const auto& [place, id] : merged) {
    all.push_back(Timer{id.first, id.second, place.deadline});
  }
  return all;
}

}  // namespace cmb::lifecycle
