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
  view.retry_count = RetriesOf(record.attempt);
  view.delivery_count = record.delivery_count;
  view.dead_letter = record.dead_letter;
  view.idempotency_key = record.idempotency_key;
  view.created = record.created;
  view.changed = record.changed;
  view.history = record.history;
  view.last_retry = record.last_retry;
  view.last_ack_type = record.last_ack_type;
  view.last_status = record.last_status;
  view.note = record.note;
  return view;
}

namespace {

RouterRooms::Bounds BoundsOf(const RouterConfig& config) {
  const auto bound = [&config](std::size_t entries) {
    return TableBound{entries, config.source_shares};
  };
  RouterRooms::Bounds bounds{bound(config.records), bound(config.marks),
                             bound(config.queue_per_target), std::nullopt};
  if (config.profile == Profile::kDurable) {
    bounds.letters = bound(config.dead_letters);
  }
  return bounds;
}

}  // namespace

Router::Router(RouterConfig config, JitterSource jitter)
    : config_(std::move(config)),
      jitter_(std::move(jitter)),
      marks_(config_.hash_seed),
      rooms_(BoundsOf(config_)) {}

Router::~Router() = default;

RouterRecord& Router::Make(const MessageKey& key) {
  if (RouterRecord* known = Open(key)) {
    return *known;
  }
  RouterRecord& record = records_[key];
  record.key = key;
  by_id_[key.id].push_back(key);
  return record;
}

void Router::Remove(const MessageKey& key) {
  std::vector<MessageKey>& same_id = by_id_[key.id];
  same_id.erase(std::remove(same_id.begin(), same_id.end(), key), same_id.end());
  if (same_id.empty()) {
    by_id_.erase(key.id);
  }
  records_.erase(MessageKey{key});
}

void Router::Erase(const MessageKey& key) {
  const auto found = records_.find(key);
  Check(found != records_.end() && found->second.state != State::kForwarding,
        "a message that is being forwarded is not forgotten");
  CountOut(found->second);
  marks_.Erase(key);
  Remove(MessageKey{key});
}

Effects Router::OnMessage(const MessageIn& message, Instant now) {
  Effects effects;
  const MessageKey key{message.source, message.id};
  RouterStep{*this, Make(key), now, effects}.OnMessage(message);
  Settle(key);
  return effects;
}

// CMB-RTR-002.
Effects Router::OnForwardResult(const MessageKey& key, ForwardResult result, Instant now) {
  Effects effects;
  RouterRecord& record = records_.at(key);
  // A forward that decides nothing is one try of the delivery phase: whether
  // it failed shows by the missing RECEIPT.
  if (record.trying != 0) {
    RouterStep{*this, record, now, effects}.OnFirstForward(result);
    Settle(key);
  }
  return effects;
}

bool Router::SomebodyHas(const MessageId& id) const {
  if (marks_.HasRefused(id)) {
    return true;
  }
  const std::vector<MessageKey>& same_id = by_id_.at(id);  // Whoever asks is among them.
  return std::any_of(same_id.begin(), same_id.end(), [this](const MessageKey& key) {
    return records_.at(key).state != State::kUnspecified;
  });
}

// CMB-RTR-023 for what has no record.
Effects Router::OnAck(const AckIn& ack, Instant now) {
  Effects effects;
  // Chapter 5.3: what a target says is addressed to the message's source.
  const bool is_senders = IsOfSender(ack.type);
  const MessageKey key{is_senders ? ack.source : ack.target, ack.correlation_id};
  RouterRecord& record = Make(key);
  RouterStep{*this, record, now, effects}.OnAck(ack);
  if (NoteIfItTookEffect(record.history, ack, effects, now)) {  // A mark keeps nothing of it.
    record.last_ack_type = ack.type;
    record.last_status = ack.status;
  }
  Settle(key);
  return effects;
}

std::optional<Effects> Router::FireNext(Instant now, TimerClass timer_class) {
  const std::optional<Timer> timer = NextTimer(timer_class);
  if (!timer || timer->deadline > now) {
    return std::nullopt;
  }
  Effects effects;
  timers_.Disarm(timer->key, timer->kind);
  if (timer->kind == TimerKind::kRecordExpiry) {
    Open(timer->key);
    Expire(timer->key, now);
    return effects;
  }
  RouterStep{*this, records_.at(timer->key), now, effects}.OnTimer(timer->kind);
  return effects;
}

}  // namespace cmb::lifecycle
