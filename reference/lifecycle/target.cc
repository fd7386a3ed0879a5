#include "reference/lifecycle/target.h"

#include <algorithm>
#include <utility>

#include "reference/lifecycle/anomaly.h"
#include "reference/lifecycle/check.h"
#include "reference/lifecycle/target_step.h"

namespace cmb::lifecycle {

namespace {

RecordView View(const Work& work, const MessageKey& key) {
  const Attachment& attachment = work.messages.at(key.id);
  RecordView view;
  view.role = Role::kTarget;
  view.key = key;
  view.target = work.target;
  view.channel = work.channel;
  view.state = work.state;
  view.reason = work.reason;
  view.code = work.code;
  view.attempt = attachment.highest_attempt;
  view.retry_count = attachment.highest_attempt > 0 ? attachment.highest_attempt - 1 : 0;
  view.execution_count = attachment.executions;
  view.idempotency_key = work.key.key;
  view.created = work.created;
  view.changed = work.changed;
  view.note = work.note;
  if (work.answer) {
    view.last_ack_type = work.answer->type;
    view.last_status = work.answer->status;
  }
  return view;
}

// Nothing is recorded, so that the router goes on delivering.
SendAck TableFull(const MessageIn& message) {
  SendAck send{.to = message.source, .ack = {}, .parcel = {}};
  send.ack.type = AckType::kReceipt;
  send.ack.status = Status::kRejected;
  send.ack.correlation_id = message.id;
  send.ack.attempt = AttemptOf(message);
  send.ack.code = ErrorCode::kBufferFull;
  return send;
}

}  // namespace

Target::Target(ModuleId self, TargetConfig config) : self_(std::move(self)), config_(config) {}

Target::~Target() = default;

// CMB-TGT-008: only new work needs room. CMB-DUP-007, CMB-DUP-009.
Effects Target::OnMessage(const MessageIn& message, Instant now) {
  Effects effects;
  if (Work* known = table_.FindMessage({message.source, message.id})) {
    TargetStep{*this, *known, now, effects}.OnCopy(message);
    return effects;
  }
  const IdempotencyKey name = message.key.empty() ? IdempotencyKey(message.id.str()) : message.key;
  if (Work* known = table_.FindWork({message.source, name})) {
    table_.Attach(*known, message.id, {.highest_attempt = 0, .created = now, .executions = 0});
    TargetStep{*this, *known, now, effects}.OnCopy(message);
    return effects;
  }
  if (table_.size() >= config_.records) {
    effects.push_back(TableFull(message));
    return effects;
  }
  Work fresh;
  fresh.key = {message.source, name};
  fresh.name = {message.source, message.id};
  fresh.target = self_;
  Work& work = table_.Insert(std::move(fresh));
  table_.Attach(work, message.id, {.highest_attempt = 0, .created = now, .executions = 0});
  TargetStep{*this, work, now, effects}.OnFirstCopy(message);
  return effects;
}

Effects Target::OnAck(const AckIn& ack, Instant now) {
  AnomalyKind kind = AnomalyKind::kUnauthorizedAck;  // CMB-TGT-011.
  if (!IsLegalPair(ack.type, ack.status)) {
    kind = AnomalyKind::kUnknownValue;
  } else if (table_.FindMessage({ack.source, ack.correlation_id}) == nullptr) {
    kind = AnomalyKind::kUnknownMessage;
  } else if (ack.type == AckType::kCancel) {
    kind = AnomalyKind::kUnsupported;  // CMB-CXL-004.
  }
  return {EmitEvent{AckAnomaly(kind, Role::kTarget, ack.source, ack, now)}};
}

Effects Target::OnHandlerStarted(const MessageKey& key, Instant now) {
  Effects effects;
  if (Work* work = table_.FindMessage(key)) {
    TargetStep{*this, *work, now, effects}.OnHandlerStarted();
  }
  return effects;
}

Effects Target::OnHandlerEnded(const MessageKey& key, const HandlerEnd& end, Instant now) {
  Effects effects;
  if (Work* work = table_.FindMessage(key)) {
    TargetStep{*this, *work, now, effects}.OnHandlerEnded(end);
  }
  return effects;
}

std::optional<Timer> Target::NextTimer(TimerClass timer_class) const {
  return timers_.Next(timer_class);
}

std::vector<Timer> Target::Timers() const { return timers_.All(); }

std::optional<Effects> Target::FireNext(Instant now, TimerClass timer_class) {
  const std::optional<Timer> timer = timers_.PopDue(now, timer_class);
  if (!timer) {
    return std::nullopt;
  }
  Work* work = table_.FindMessage(timer->key);
  Check(work != nullptr, "a timer belongs to a work");
  Effects effects;
  if (timer->kind == TimerKind::kRecordExpiry) {
    timers_.DisarmAll(timer->key);
    table_.Erase(WorkKey{work->key});
    return effects;
  }
  Check(timer->kind == TimerKind::kTtl, "a target's work has only a TTL");
  TargetStep{*this, *work, now, effects}.OnTtlEnd();
  return effects;
}

std::optional<RecordView> Target::Find(const MessageKey& key) const {
  const Work* work = table_.FindMessage(key);
  if (work == nullptr) {
    return std::nullopt;
  }
  return View(*work, key);
}

std::vector<RecordView> Target::Records() const {
  std::vector<RecordView> views;
  for (const auto& [key, work] : table_.messages()) {
    views.push_back(*Find(key));
  }
  return views;
}

std::size_t Target::size() const { return table_.size(); }

}  // namespace cmb::lifecycle
