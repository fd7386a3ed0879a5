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
  view.retry_count = RetriesOf(attachment.highest_attempt);
  view.execution_count = attachment.executions;
  if (!work.tombstone) {
    view.idempotency_key = work.key.key;  // Else its message will say it.
  }
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
  SendAck send{.to = message.source, .ack = {}, .parcel = {}, .via = message.via};
  send.ack.type = AckType::kReceipt;
  send.ack.status = Status::kRejected;
  send.ack.correlation_id = message.id;
  send.ack.attempt = AttemptOf(message);
  send.ack.code = ErrorCode::kBufferFull;
  return send;
}

WorkKey NameOf(const MessageIn& message) {
  return {message.source, message.key.empty() ? IdempotencyKey(message.id.str()) : message.key};
}

AckIn CancelOf(const MessageIn& message, Attempt attempt) {
  AckIn cancel;
  cancel.source = message.source;
  cancel.correlation_id = message.id;
  cancel.type = AckType::kCancel;
  cancel.attempt = attempt;
  return cancel;
}

}  // namespace

Target::Target(ModuleId self, TargetConfig config)
    : self_(std::move(self)),
      config_(config),
      table_({.entries = config.records, .source_shares = config.source_shares}) {}

Target::~Target() = default;

// CMB-TGT-008: what is not known yet needs room. CMB-DUP-007, CMB-DUP-009, CMB-DUP-010.
Effects Target::OnMessage(const MessageIn& message, Instant now) {
  Effects effects;
  const MessageKey key{message.source, message.id};
  Work* const attached = table_.FindMessage(key);
  const bool is_known = attached != nullptr && !attached->tombstone;
  if (is_known && !TargetStep::Reopens(*attached, message)) {
    TargetStep{*this, *attached, now, effects}.OnCopy(message);
    return effects;
  }
  const WorkKey name = is_known ? attached->key : NameOf(message);
  Work* const known = FindLiving(name, now, effects);
  if (attached == nullptr && !table_.HasRoom(message.source)) {
    effects.push_back(TableFull(message));
  } else if (known != nullptr) {
    Attach(*known, attached, message, now, effects);
  } else if (is_known) {
    TargetStep{*this, *attached, now, effects}.OnCopy(message);  // CMB-DUP-014.
  } else if (attached != nullptr) {
    Work met = table_.Take(*attached);
    met.key = name;
    met.tombstone = false;
    TargetStep{*this, table_.Insert(std::move(met)), now, effects}.OnCancelledBefore(message);
  } else {
    TakeNew(name, message, now, effects);
  }
  PassTurns(now, effects);
  return effects;
}

void Target::TakeNew(const WorkKey& name, const MessageIn& message, Instant now, Effects& effects) {
  Work fresh;
  fresh.key = name;
  fresh.name = {message.source, message.id};
  fresh.target = self_;
  fresh.turn = ++works_;
  Work& work = table_.Insert(std::move(fresh));
  table_.Attach(work, message.id, {});
  TargetStep{*this, work, now, effects}.OnFirstCopy(message);
}

// The work that bears the key. One whose life is over ends here and bears it no
// more, whether or not its timer has fired (CMB-TGT-007, CMB-TGT-018).
Work* Target::FindLiving(const WorkKey& name, Instant now, Effects& effects) {
  Work* const known = table_.FindWork(name);
  if (known != nullptr && known->state == State::kReceived) {
    TargetStep step{*this, *known, now, effects};
    if (step.LifeIsOver()) {
      step.OnTtlEnd();
      return nullptr;
    }
  }
  return known;
}

// CMB-DUP-007. A CANCEL that came before its message acts as if it came now; all of a
// refusal that the message comes back to are attached here, and it is no more (CMB-DUP-013).
void Target::Attach(Work& known, const Work* before, const MessageIn& message, Instant now,
                    Effects& effects) {
  std::optional<AckIn> cancel;
  if (before != nullptr) {
    timers_.DisarmAll(before->name);
    Work taken = table_.Take(*before);
    if (taken.tombstone) {
      cancel = CancelOf(message, taken.cancelled_attempt);
    } else {
      for (const MessageId& id : taken.order) {
        taken.messages.at(id).untold.clear();
        table_.Attach(known, id, taken.messages.at(id));
      }
      known.remember_until = std::max(known.remember_until, taken.remember_until);
    }
  }
  if (!known.messages.contains(message.id)) {
    table_.Attach(known, message.id, {});
  }
  TargetStep step{*this, known, now, effects};
  step.OnAttached(message);
  if (cancel) {
    step.OnCancel(*cancel);
  }
}

// CMB-ORD-002. The offer of one may be its end, which passes the turn on.
void Target::PassTurns(Instant now, Effects& effects) {
  while (!turns_.empty()) {
    const StreamLines::Stream stream = turns_.extract(turns_.begin()).value();
    while (const auto name = lines_.Next(stream)) {
      Work* const next = table_.FindMessage(*name);
      Check(next != nullptr, "whoever stands in line has a record");
      TargetStep{*this, *next, now, effects}.OnTurn();
    }
  }
}

Effects Target::OnAck(const AckIn& ack, Instant now) {
  Effects effects;
  Work* const work = table_.FindMessage({ack.source, ack.correlation_id});
  const bool heeds_cancels = IsTracked(config_.profile);
  AnomalyKind kind = AnomalyKind::kUnauthorizedAck;  // CMB-TGT-011.
  if (!IsLegalPair(ack.type, ack.status)) {
    kind = AnomalyKind::kUnknownValue;  // CMB-VER-003.
  } else if (ack.type == AckType::kCancel && heeds_cancels && work != nullptr) {
    TargetStep{*this, *work, now, effects}.OnCancel(ack);
    PassTurns(now, effects);
    return effects;
  } else if (ack.type == AckType::kCancel && heeds_cancels && table_.HasRoom(ack.source)) {
    Bury(ack, now);
    return effects;
  } else if (work == nullptr) {
    kind = AnomalyKind::kUnknownMessage;
  } else if (ack.type == AckType::kCancel) {
    kind = AnomalyKind::kUnsupported;  // CMB-CXL-004.
  }
  effects.push_back(EmitEvent{AckAnomaly(kind, Role::kTarget, ack, now)});
  return effects;
}

// CMB-CXL-010.
void Target::Bury(const AckIn& cancel, Instant now) {
  Work tombstone;
  tombstone.tombstone = true;
  tombstone.name = {cancel.source, cancel.correlation_id};
  tombstone.key = {cancel.source, IdempotencyKey(cancel.correlation_id.str())};
  tombstone.target = self_;
  tombstone.state = State::kCancelled;
  tombstone.code = ErrorCode::kCancelled;
  tombstone.created = now;
  tombstone.changed = now;
  tombstone.cancelled_attempt = cancel.attempt;
  tombstone.remember_until = now + 2 * config_.max_latency;
  Work& buried = table_.Insert(std::move(tombstone));
  table_.Attach(buried, cancel.correlation_id, {});
  timers_.Arm(buried.name, TimerKind::kRecordExpiry, buried.remember_until + Duration{1});
}

template <class Act>
Effects Target::OfHandler(const MessageKey& key, Instant now, Act act) {
  Effects effects;
  if (Work* work = table_.FindMessage(key)) {
    TargetStep step{*this, *work, now, effects};
    act(step);
    PassTurns(now, effects);
  }
  return effects;
}

Effects Target::OnHandlerHeld(const MessageKey& key, Duration hold, Instant now) {
  return OfHandler(key, now, [&](TargetStep& step) { step.OnHandlerHeld(hold); });
}

Effects Target::OnHandlerStarted(const MessageKey& key, const HandlerStart& start, Instant now) {
  return OfHandler(key, now, [&](TargetStep& step) { step.OnHandlerStarted(start); });
}

Effects Target::OnHandlerProgress(const MessageKey& key, const HandlerProgress& progress,
                                  Instant now) {
  return OfHandler(key, now, [&](TargetStep& step) { step.OnHandlerProgress(progress); });
}

Effects Target::OnHandlerEnded(const MessageKey& key, const HandlerEnd& end, Instant now) {
  return OfHandler(key, now, [&](TargetStep& step) { step.OnHandlerEnded(end); });
}

Effects Target::OnHandlerStopped(const MessageKey& key, Instant now) {
  return OfHandler(key, now, [](TargetStep& step) { step.OnHandlerStopped(); });
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
    TargetStep{*this, *work, now, effects}.OnForgotten();
    table_.Take(*work);
    return effects;
  }
  Check(timer->kind == TimerKind::kTtl, "a target's work has only a TTL");
  TargetStep{*this, *work, now, effects}.OnTtlEnd();
  PassTurns(now, effects);
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
  for (const MessageKey& key : table_.Messages()) {
    views.push_back(*Find(key));
  }
  return views;
}

std::size_t Target::size() const { return table_.size(); }

}  // namespace cmb::lifecycle
