#include "conformance/oracle/tables/timer_queue.h"

#include <algorithm>
#include <tuple>

namespace cmb::conformance::oracle::tables {
namespace {

bool IsOf(const ArmedTimer& timer, const std::string& source, const std::string& message_id) {
  return timer.source == source && timer.message_id == message_id;
}

bool FiresBefore(const ArmedTimer& one, const ArmedTimer& other) {
  const auto key = [](const ArmedTimer& timer) {
    return std::tuple(timer.deadline_ms, timer.kind != ack::v1::TIMER_KIND_TTL, timer.order);
  };
  return key(one) < key(other);
}

}  // namespace

bool IsProtocolTimer(ack::v1::TimerKind kind) { return kind < ack::v1::TIMER_KIND_RECONCILE; }

void TimerQueue::Arm(const std::string& source, const std::string& message_id,
                     ack::v1::TimerKind kind, std::uint64_t deadline_ms,
                     std::string_view requirement, std::uint64_t earliest_ms) {
  Disarm(source, message_id, kind);
  forgotten_.erase({source, message_id});
  timers_.push_back({source, message_id, kind, deadline_ms, ++armed_, requirement,
                     std::min(earliest_ms, deadline_ms)});
}

void TimerQueue::Settle(const std::string& source, const std::string& message_id,
                        ack::v1::TimerKind kind, std::uint64_t now_ms) {
  for (ArmedTimer& timer : timers_) {
    const bool fits = timer.earliest_ms <= now_ms && now_ms < timer.deadline_ms;
    if (timer.kind == kind && IsOf(timer, source, message_id) && fits) {
      timer.deadline_ms = now_ms;
    }
  }
}

void TimerQueue::SettleOne(std::uint64_t now_ms) {
  const ArmedTimer* next = Next();
  const auto one = std::find_if(timers_.begin(), timers_.end(), [&](const ArmedTimer& timer) {
    return IsProtocolTimer(timer.kind) && timer.earliest_ms <= now_ms;
  });
  if (one != timers_.end() && (next == nullptr || next->deadline_ms > now_ms)) {
    one->deadline_ms = now_ms;
  }
}

void TimerQueue::Disarm(const std::string& source, const std::string& message_id,
                        ack::v1::TimerKind kind) {
  if (const ArmedTimer* timer = Find(source, message_id, kind)) {
    disarmed_.push_back(*timer);
    timers_.erase(timers_.begin() + (timer - timers_.data()));
  }
}

void TimerQueue::Begin() {
  old_ = armed_;
  kept_ = std::ssize(disarmed_);
}

const ArmedTimer* TimerQueue::Newest() const {
  const ArmedTimer* newest = nullptr;
  for (const ArmedTimer& timer : timers_) {
    const bool later = timer.order > (newest == nullptr ? old_ : newest->order);
    newest = later && IsProtocolTimer(timer.kind) ? &timer : newest;
  }
  return newest;
}

const ArmedTimer* TimerQueue::Stray(std::uint64_t at_ms) const {
  const auto found =
      std::find_if(disarmed_.rbegin(), disarmed_.rend(), [&](const ArmedTimer& timer) {
        return IsProtocolTimer(timer.kind) && timer.deadline_ms == at_ms;
      });
  return found == disarmed_.rend() ? nullptr : &*found;
}

void TimerQueue::DisarmAll(const std::string& source, const std::string& message_id) {
  std::erase_if(timers_, [&](const ArmedTimer& timer) { return IsOf(timer, source, message_id); });
}

void TimerQueue::Forget(const std::string& source, const std::string& message_id) {
  DisarmAll(source, message_id);
  forgotten_.insert({source, message_id});
}

void TimerQueue::Clear() {
  timers_.clear();
  forgotten_.clear();
}

void TimerQueue::Free(const std::string& source, const std::string& message_id,
                      ack::v1::TimerKind kind) {
  for (ArmedTimer& timer : timers_) {
    timer.free = timer.free || (timer.kind == kind && IsOf(timer, source, message_id));
  }
}

void TimerQueue::FreeNew() {
  for (ArmedTimer& timer : timers_) {
    timer.free = timer.free || (IsNew(timer) && IsProtocolTimer(timer.kind));
  }
}

void TimerQueue::Hear(std::uint64_t said_ms) {
  std::erase_if(timers_, [said_ms](const ArmedTimer& timer) {
    return timer.free && (said_ms == 0 || timer.deadline_ms < said_ms);
  });
  const auto fits = [said_ms](const ArmedTimer& timer) {
    return IsProtocolTimer(timer.kind) && timer.earliest_ms <= said_ms &&
           said_ms <= timer.deadline_ms;
  };
  if (std::count_if(timers_.begin(), timers_.end(), fits) == 1) {
    std::find_if(timers_.begin(), timers_.end(), fits)->free = false;
  }
}

void TimerQueue::DueNow(std::uint64_t now_ms, std::string_view requirement) {
  for (ArmedTimer& timer : timers_) {
    timer.deadline_ms = std::max(timer.deadline_ms, now_ms);
    timer.earliest_ms = std::max(timer.earliest_ms, now_ms);
    timer.requirement = requirement;
  }
}

const ArmedTimer* TimerQueue::Find(const std::string& source, const std::string& message_id,
                                   ack::v1::TimerKind kind) const {
  const auto found = std::find_if(timers_.begin(), timers_.end(), [&](const ArmedTimer& timer) {
    return timer.kind == kind && IsOf(timer, source, message_id);
  });
  return found == timers_.end() ? nullptr : &*found;
}

std::optional<ArmedTimer> TimerQueue::PopDue(std::uint64_t now_ms) {
  const ArmedTimer* next = Earliest(true);
  if (next == nullptr || next->deadline_ms > now_ms) {
    return std::nullopt;
  }
  const ArmedTimer fired = *next;
  timers_.erase(timers_.begin() + (next - timers_.data()));
  return fired;
}

const ArmedTimer* TimerQueue::Next() const { return Earliest(false); }

const ArmedTimer* TimerQueue::Earliest(bool with_free) const {
  const ArmedTimer* next = nullptr;
  for (const ArmedTimer& timer : timers_) {
    if (IsProtocolTimer(timer.kind) && timer.deadline_ms != kPerhapsMs &&
        (with_free || !timer.free) && (next == nullptr || FiresBefore(timer, *next))) {
      next = &timer;
    }
  }
  return next;
}

bool TimerQueue::MayBeNext(std::uint64_t at_ms) const {
  const ArmedTimer* next = Next();
  return (next == nullptr || at_ms <= next->deadline_ms) &&
         std::any_of(timers_.begin(), timers_.end(), [&](const ArmedTimer& timer) {
           return IsProtocolTimer(timer.kind) && timer.earliest_ms <= at_ms &&
                  (!timer.free || at_ms <= timer.deadline_ms);
         });
}

// The window ends at its instant, where that is a timer at all; records are forgotten then or later
// (CHO-005).
bool TimerQueue::MayBeHousekeeping(std::uint64_t at_ms) const {
  return !forgotten_.empty() ||
         std::any_of(timers_.begin(), timers_.end(), [&](const ArmedTimer& timer) {
           return timer.kind == ack::v1::TIMER_KIND_RECONCILE ? timer.deadline_ms == at_ms
                                                              : timer.deadline_ms <= at_ms;
         });
}

}  // namespace cmb::conformance::oracle::tables
