// Records and marks: a mark is a record only while a call is at work on it, since
// anybody can make a router keep many. Spec: chapter router, "How long a record lives".
#include <algorithm>
#include <iterator>
#include <tuple>
#include <vector>

#include "reference/lifecycle/router_step.h"

namespace cmb::lifecycle {

// What a mark does not keep is what nobody needs of a refusal.
RouterRecord Router::Expanded(const MessageKey& key, const RouterMark& mark) const {
  RouterRecord record;
  record.key = key;
  record.state = mark.state;
  record.code = mark.code;
  record.attempt = mark.attempt;
  record.closed = mark.closed;
  record.refused_through = mark.refused_through;
  record.target = mark.target;
  record.channel = mark.channel;
  record.created = mark.created;
  record.changed = mark.created;  // A refusal had no transition.
  record.remember_until = mark.raised + 2 * config_.max_latency;
  return record;
}

RouterMark Router::Collapsed(const RouterRecord& record) const {
  RouterMark mark;
  mark.state = record.state;
  mark.code = record.code;
  mark.attempt = record.attempt;
  mark.closed = record.closed;
  mark.refused_through = record.refused_through;
  mark.target = record.target;
  mark.channel = record.channel;
  mark.created = record.created;
  mark.raised = record.remember_until - 2 * config_.max_latency;
  return mark;
}

RouterRecord* Router::Open(const MessageKey& key) {
  if (const auto found = records_.find(key); found != records_.end()) {
    return &found->second;
  }
  const std::optional<RouterMark> mark = marks_.Find(key);
  if (!mark) {
    return nullptr;
  }
  by_id_[key.id].push_back(key);
  return &records_.emplace(key, Expanded(key, *mark)).first->second;
}

void Router::Settle(const MessageKey& key) {
  const RouterRecord& record = records_.at(key);
  if (record.trying != 0) {
    return;
  }
  if (IsMark(record)) {
    marks_.Put(key, Collapsed(record));
    Remove(key);
  } else if (record.state == State::kUnspecified) {
    Erase(key);
  } else {
    marks_.Erase(key);
  }
}

// CMB-RTR-032, CMB-RTR-039. Housekeeping runs before the frames of its instant: one millisecond
// more.
Timer Router::ExpiryOf(const MarkTable::Oldest& mark) const {
  return {mark.key, TimerKind::kRecordExpiry, mark.raised + 2 * config_.max_latency + Duration{1}};
}

std::optional<Timer> Router::NextMark() const {
  const std::optional<MarkTable::Oldest> first = marks_.First();
  return first ? std::optional(ExpiryOf(*first)) : std::nullopt;
}

std::optional<Timer> Router::NextTimer(TimerClass timer_class) const {
  const std::optional<Timer> timer = timers_.Next(timer_class);
  const std::optional<Timer> mark =
      timer_class == TimerClass::kHousekeeping ? NextMark() : std::nullopt;
  return mark && (!timer || mark->deadline < timer->deadline) ? mark : timer;
}

std::vector<Timer> Router::Timers() const {
  std::vector<Timer> timers = timers_.All();
  for (const MarkTable::Oldest& mark : marks_.All()) {
    timers.push_back(ExpiryOf(mark));
  }
  const auto marks = std::next(timers.begin(), static_cast<std::ptrdiff_t>(timers_.size()));
  std::sort(marks, timers.end(), [](const Timer& a, const Timer& b) {
    return std::tie(a.deadline, a.key) < std::tie(b.deadline, b.key);
  });
  std::inplace_merge(timers.begin(), marks, timers.end(),
                     [](const Timer& a, const Timer& b) { return a.deadline < b.deadline; });
  return timers;
}

std::optional<RecordView> Router::Find(const MessageKey& key) const {
  if (const auto found = records_.find(key); found != records_.end()) {
    return RouterView(found->second);
  }
  const RouterMark mark = marks_.Find(key).value_or(RouterMark{});
  return mark.state == State::kRejected ? std::optional(RouterView(Expanded(key, mark)))
                                        : std::nullopt;
}

std::size_t Router::size() const { return records_.size() + marks_.size(); }

}  // namespace cmb::lifecycle
