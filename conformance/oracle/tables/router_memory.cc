#include "conformance/oracle/tables/router_memory.h"

#include <algorithm>

namespace cmb::conformance::oracle::tables::router {
namespace {

using ack::v1::TIMER_KIND_DELIVERY_PHASE;
using ack::v1::TIMER_KIND_RECORD_EXPIRY;

}  // namespace

// ---------------------------------------------------------------- time

std::uint64_t Memory::KeptUntil(const Record& record) const {
  const std::uint64_t from = IsRefusal(record)
                                 ? record.refused_at_ms
                                 : std::max(record.copies_end_ms, record.terminal_at_ms);
  return Later(from, 2 * bounds_.max_latency_ms());
}

// Again too: over a restart what ends that comes first (5.7).
bool Memory::IsForwarded(const Record& record) const {
  return record.state == ack::v1::STATE_FORWARDING ||
         world_.timers.Find(record.source(), record.message_id(), TIMER_KIND_DELIVERY_PHASE) !=
             nullptr;
}

bool Memory::MayForget(const Record& record) const {
  const bool is_over = record.may_be_gone || world_.now_ms > KeptUntil(record);
  return is_over && !(record.dead_letter && bounds_.IsDurable()) && !IsForwarded(record);
}

// CMB-RTR-039.
std::uint64_t Memory::LongestMarkMs() const {
  return std::max<std::uint64_t>(3 * bounds_.max_latency_ms(), 1);
}

bool Memory::MustForget(const Record& record) const {
  return IsRefusal(record) && world_.now_ms >= Later(record.refused_at_ms, LongestMarkMs());
}

bool Memory::MayForget(const ClosedMark& mark) const {
  return world_.now_ms > Later(mark.left_at_ms, 2 * bounds_.max_latency_ms());
}

bool Memory::MustForget(const ClosedMark& mark) const {
  return world_.now_ms >= Later(mark.left_at_ms, LongestMarkMs());
}

// Where it may be that only a mark is left of it, the mark's.
std::uint64_t Memory::ForgottenAfter(const Record& record) const {
  if (record.dead_letter && bounds_.IsDurable()) {
    return Later(record.changed_ms, bounds_.dead_letter_ms());
  }
  const auto mark = record.may_be_gone ? marks_.find(record.key) : marks_.end();
  return mark == marks_.end() ? KeptUntil(record)
                              : std::min(KeptUntil(record), Later(mark->second.left_at_ms,
                                                                  2 * bounds_.max_latency_ms()));
}

void Memory::ArmExpiry(const Record& record) {
  const auto& [source, message_id] = record.key;
  world_.timers.Disarm(source, message_id, TIMER_KIND_RECORD_EXPIRY);
  if (record.state != ack::v1::STATE_FORWARDING) {
    const bool is_letter = record.dead_letter && bounds_.IsDurable();
    world_.timers.Arm(source, message_id, TIMER_KIND_RECORD_EXPIRY,
                      Later(ForgottenAfter(record), 1),
                      is_letter           ? "CMB-DLQ-002"
                      : IsRefusal(record) ? "CMB-RTR-032"
                                          : "CMB-RTR-025");
  }
}

void Memory::Forget(const Key& key) {
  if (records_.erase(key) == 0) {
    marks_.erase(key);
  }
  world_.timers.Forget(key.first, key.second);
}

void Memory::ForgetAll() {
  records_.clear();
  marks_.clear();
  world_.timers.Clear();
}

// ---------------------------------------------------------------- one

Record* Memory::Find(const Key& key, const Matters& shows) {
  const auto found = records_.find(key);
  if (found == records_.end()) {
    return nullptr;
  }
  Record& record = found->second;
  if (MustForget(record)) {
    overdue_.insert(key);
  }
  const bool may_be_gone = MayForget(record);
  const bool is_shown = may_be_gone && shows(record);
  if (MustForget(record) || (is_shown && world_.Choose("CHO-005") == 0)) {
    Forget(key);
    return nullptr;
  }
  if (is_shown) {
    marks_.erase(key);  // It would be the mark of a record that is gone.
  }
  record.may_be_gone = may_be_gone && !is_shown;
  return &record;
}

const ClosedMark* Memory::FindMark(const Key& key) {
  const auto found = marks_.find(key);
  if (found == marks_.end()) {
    return nullptr;
  }
  if (MustForget(found->second)) {
    overdue_.insert(key);
  }
  if (MustForget(found->second) || (MayForget(found->second) && world_.Choose("CHO-005") == 0)) {
    marks_.erase(found);
    if (!records_.contains(key)) {
      world_.timers.Forget(key.first, key.second);
    }
    return nullptr;
  }
  return &found->second;
}

bool Memory::IsMarked(const Key& key, std::uint32_t attempt) const {
  const auto found = marks_.find(key);
  return found != marks_.end() && !MayForget(found->second) && attempt <= found->second.closed;
}

bool Memory::IsMarkedSince(const Key& key, std::uint64_t at_ms) const {
  const auto found = marks_.find(key);
  return found != marks_.end() && found->second.left_at_ms <= at_ms;
}

bool Memory::HasKept(const Key& key) const {
  const auto mark = marks_.find(key);
  const auto record = records_.find(key);
  const bool is_refusal = record != records_.end() && IsRefusal(record->second);
  const bool is_mark = record == records_.end() && mark != marks_.end();
  const std::uint64_t left_ms = is_mark      ? mark->second.left_at_ms
                                : is_refusal ? record->second.refused_at_ms
                                             : world_.now_ms;
  return world_.now_ms > Later(left_ms, bounds_.max_latency_ms());
}

bool Memory::AnotherHasMark(const Key& key) const {
  return std::any_of(marks_.begin(), marks_.end(), [&](const auto& mark) {
    return mark.first.second == key.second && mark.first.first != key.first;
  });
}

bool Memory::AnotherHas(const Key& key) {
  std::vector<Key> others;
  for (const auto& [other, record] : records_) {
    if (other.second == key.second && other.first != key.first) {
      others.push_back(other);
    }
  }
  return std::any_of(others.begin(), others.end(),
                     [this](const Key& other) { return Find(other) != nullptr; });
}

Record& Memory::Make(const Key& key) {
  const ClosedMark* mark = FindMark(key);
  Record& record = records_[key];
  record = {};
  record.key = key;
  record.closed = mark == nullptr ? 0 : mark->closed;
  record.created_ms = record.changed_ms = world_.now_ms;
  marks_.erase(key);
  return record;
}

void Memory::LeaveMark(const Key& key, std::uint32_t attempt) {
  ClosedMark& mark = marks_[key];
  mark.closed = std::max(mark.closed, attempt);
  mark.left_at_ms = world_.now_ms;
  world_.timers.Arm(key.first, key.second, TIMER_KIND_RECORD_EXPIRY,
                    Later(world_.now_ms, 2 * bounds_.max_latency_ms()) + 1, "CMB-RTR-032");
}

// ---------------------------------------------------------------- whole tables

// Those that matter and whose time is over are forgotten all, or none, or each for itself.
std::vector<const Record*> Memory::Held(const Matters& matters) {
  std::vector<Key> over;
  for (const auto& [key, record] : records_) {
    if (matters(record) && MayForget(record)) {
      over.push_back(key);
    }
  }
  const int branch = over.empty() ? 1 : world_.Choose("CHO-005", over.size() == 1 ? 2 : 3);
  for (const Key& key : over) {
    if (MustForget(records_.at(key)) || branch == 0 ||
        (branch == 2 && world_.Choose("CHO-005") == 0)) {
      Forget(key);
    }
  }
  std::vector<const Record*> held;
  for (const auto& [key, record] : records_) {
    if (matters(record)) {
      held.push_back(&record);
    }
  }
  return held;
}

}  // namespace cmb::conformance::oracle::tables::router
