#include "reference/lifecycle/router.h"

#include <algorithm>
#include <utility>

#include "reference/lifecycle/check.h"
#include "reference/lifecycle/router_step.h"

namespace cmb::lifecycle {

RecordView RouterView(const RouterRecord& record) {
  RecordView view;
  view.role = Role::kRouter;
  view.key = record.key;
  view.target = record.target;
  view.channel = record.channel;
  view.state = record.state;
  view.reason = record.reason;
  view.code = record.code;
  view.attempt = record.attempt;
  view.retry_count = record.attempt > 0 ? record.attempt - 1 : 0;
  view.delivery_count = record.delivery_count;
  view.dead_letter = record.dead_letter;
  view.idempotency_key = record.idempotency_key;
  view.created = record.created;
  view.changed = record.changed;
  view.last_ack_type = record.last_ack_type;
  view.last_status = record.last_status;
  view.note = record.note;
  return view;
}

Router::Router(RouterConfig config, JitterSource jitter)
    : config_(std::move(config)), jitter_(std::move(jitter)) {}

Router::~Router() = default;

RouterRecord& Router::Make(const MessageKey& key, Instant now) {
  const auto [place, is_new] = records_.try_emplace(key);
  RouterRecord& record = place->second;
  if (is_new) {
    record.key = key;
    record.created = now;
    by_id_[key.id].push_back(key);
  }
  return record;
}

void Router::DropIfNothing(const MessageKey& key) {
  const auto found = records_.find(key);
  if (found != records_.end() && found->second.state == State::kUnspecified &&
      found->second.closed == 0 && found->second.trying == 0) {
    Erase(key);
  }
}

void Router::Erase(const MessageKey& key) {
  const auto found = records_.find(key);
  Check(found != records_.end() && found->second.state != State::kForwarding,
        "a message that is being forwarded is not forgotten");
  CountOut(found->second);
  timers_.DisarmAll(key);
  std::vector<MessageKey>& same_id = by_id_[key.id];
  same_id.erase(std::remove(same_id.begin(), same_id.end(), key), same_id.end());
  if (same_id.empty()) {
    by_id_.erase(key.id);
  }
  records_.erase(found);
}

// CMB-SEC-002: a source speaks over its own connection.
Effects Router::OnMessage(const MessageIn& message, Instant now) {
  Effects effects;
  if (message.source != message.connection) {
    effects.push_back(EmitEvent{RouterAnomaly(AnomalyKind::kUnauthorizedAck, message, now)});
    return effects;
  }
  const MessageKey key{message.source, message.id};
  RouterStep{*this, Make(key, now), now, effects}.OnMessage(message);
  DropIfNothing(key);
  return effects;
}

// CMB-RTR-002.
Effects Router::OnForwardResult(const MessageKey& key, ForwardResult result, Instant now) {
  Effects effects;
  const auto found = records_.find(key);
  // A forward that decides nothing is one try of the delivery phase: whether
  // it failed shows by the missing RECEIPT.
  if (found != records_.end() && found->second.trying != 0) {
    RouterStep{*this, found->second, now, effects}.OnFirstForward(result);
    DropIfNothing(key);
  }
  return effects;
}

RouterRecord* Router::RecordFor(const AckIn& ack) {
  // Chapter 5.3: what a target says is addressed to the message's source.
  const ModuleId& source = IsOfSender(ack.type) ? ack.source : ack.target;
  const auto found = records_.find({source, ack.correlation_id});
  return found == records_.end() ? nullptr : &found->second;
}

bool Router::SomebodyHas(const MessageId& id) const {
  const auto same_id = by_id_.find(id);
  return same_id != by_id_.end() &&
         std::any_of(same_id->second.begin(), same_id->second.end(), [this](const auto& key) {
           return records_.at(key).state != State::kUnspecified;
         });
}

// CMB-SEC-001; CMB-RTR-023 for what has no record.
Effects Router::OnAck(const AckIn& ack, Instant now) {
  Effects effects;
  if (ack.source != ack.connection) {
    effects.push_back(EmitEvent{RouterAnomaly(AnomalyKind::kUnauthorizedAck, ack, now)});
    return effects;
  }
  const MessageKey own{ack.source, ack.correlation_id};
  const bool may_mark = IsOfSender(ack.type) && !IsOnlyPassedOn(ack.type);
  RouterRecord* record = may_mark ? &Make(own, now) : RecordFor(ack);
  RouterRecord none;
  none.key = own;
  RouterStep{*this, record != nullptr ? *record : none, now, effects}.OnAck(ack);
  DropIfNothing(own);
  return effects;
}

std::optional<Timer> Router::NextTimer(TimerClass timer_class) const {
  return timers_.Next(timer_class);
}

std::vector<Timer> Router::Timers() const { return timers_.All(); }

std::optional<Effects> Router::FireNext(Instant now, TimerClass timer_class) {
  const std::optional<Timer> timer = timers_.PopDue(now, timer_class);
  if (!timer) {
    return std::nullopt;
  }
  Effects effects;
  if (timer->kind == TimerKind::kRecordExpiry) {
    Erase(timer->key);
    return effects;
  }
  RouterStep{*this, records_.at(timer->key), now, effects}.OnTimer(timer->kind);
  return effects;
}

std::optional<RecordView> Router::Find(const MessageKey& key) const {
  const auto found = records_.find(key);
  if (found == records_.end() || found->second.state == State::kUnspecified) {
    return std::nullopt;
  }
  return RouterView(found->second);
}

std::vector<RecordView> Router::Records() const {
  std::vector<RecordView> views;
  for (const auto& [key, record] : records_) {
    if (record.state != State::kUnspecified) {
      views.push_back(RouterView(record));
    }
  }
  return views;
}

std::size_t Router::size() const { return records_.size(); }

std::size_t Router::QueueLength(const ModuleId& target) const {
  const auto found = counts_.queues.find(target);
  return found == counts_.queues.end() ? 0 : found->second;
}

}  // namespace cmb::lifecycle
