// The changes a sender's record can undergo. Every change of state goes through
// Enter, so that it has exactly one event.
#include "reference/lifecycle/sender_step.h"

#include <algorithm>
#include <utility>

#include "reference/lifecycle/anomaly.h"
#include "reference/lifecycle/check.h"

namespace cmb::lifecycle {

bool SenderStep::IsEnded(State state) {
  return state == State::kCompletedSuccess || state == State::kCompletedFailure ||
         state == State::kTimeoutAbort;
}

// CMB-SND-001; CMB-TMR-005: a life of 0 ends before anything is sent.
void SenderStep::Begin() {
  record.created = now;
  record.expires = now + record.message.ttl;
  ++core.in_flight_;
  Enter(State::kSendPending, {.reason = Reason::kSend, .code = {}, .note = {}}, {});
  if (record.expires <= now) {
    Abort({.reason = Reason::kTtlExpired, .code = ErrorCode::kTtlExpired, .note = {}});
    return;
  }
  if (core.config_.circuit_breaker &&
      !core.breaker_.Admit(record.message.target, record.message.id, now)) {
    FailByCircuit();
    return;
  }
  timers().Arm(Key(), TimerKind::kTtl, record.expires);
  SendCopy();
}

// CMB-RTY-005, CMB-RTY-004; CMB-TMR-006: ttl_ms is the life that remains.
void SenderStep::SendCopy() {
  record.waiting = false;
  const RouterName before = core.RouterOf(record.channel);
  record.channel = NextChannel();  // CMB-FBK-002: events, records and alerts name this one.
  const RouterName via = core.RouterOf(record.channel);
  if (via != before) {
    SendTimeout(before, ErrorCode::kAckTimeout);  // CMB-FBK-004.
  }
  record.routers.insert(via);
  ++record.attempt;  // CMB-SND-021.
  Check(record.attempt <= 1 + record.message.policy.max_retries, "the budget bounds the attempts");
  effects.push_back(SendMessage{record.message.id, record.message.target, record.channel,
                                record.attempt, record.expires - now, record.message.parcel});
  ArmPhase(TimerKind::kRouterAck, record.message.policy.router_ack);
}

// CMB-FBK-001: retry n takes the n-th channel behind that of the message.
ChannelName SenderStep::NextChannel() const {
  const std::vector<ChannelName>& channels = record.message.channels;
  const std::size_t retry = record.attempt;
  if (!core.config_.fallback || channels.empty() || retry == 0) {
    return record.message.channel;
  }
  const auto first = std::find(channels.begin(), channels.end(), record.message.channel);
  const auto before = first == channels.end() ? channels.size() - 1
                                              : static_cast<std::size_t>(first - channels.begin());
  return channels[(before + retry) % channels.size()];
}

// CMB-OBS-001, CMB-OBS-002, CMB-OBS-012.
void SenderStep::Enter(State state, const Cause& cause, const std::vector<AckType>& skipped) {
  Check(state != record.state, "a transition changes the state");
  TransitionEvent event;
  event.role = Role::kSender;
  event.key = Key();
  event.target = record.message.target;
  event.channel = record.channel;
  event.old_state = record.state;
  event.new_state = state;
  event.reason = cause.reason;
  event.at = now;
  event.attempt = record.attempt;
  event.retry_count = RetriesOf(record.attempt);
  event.certainty = record.certainty;
  event.skipped = skipped;
  event.code = cause.code;
  event.note = cause.note;
  core.pending_.Move(record.state, state);
  record.state = state;
  record.reason = cause.reason;
  record.code = cause.code;
  record.note = cause.note;
  record.changed = now;
  Emit(std::move(event));
}

// CMB-TMR-003: one phase timer at a time.
void SenderStep::ArmPhase(TimerKind kind, Duration wait) {
  for (const TimerKind phase : {TimerKind::kRouterAck, TimerKind::kDeliveryAck,
                                TimerKind::kExecution, TimerKind::kBackoff}) {
    timers().Disarm(Key(), phase);
  }
  timers().Arm(Key(), kind, now + wait);
}

void SenderStep::ArmExecution(const AckIn& ack) {
  // CMB-PRG-003. It may outlast the life, whose end then comes first.
  ArmPhase(TimerKind::kExecution, record.message.policy.execution + ack.hold.value_or(Duration{0}));
}

bool SenderStep::MayRetry() const { return record.attempt <= record.message.policy.max_retries; }

// CMB-RTY-001, CMB-RTY-003.
void SenderStep::RetryOrAbort(const Cause& cause) {
  if (MayRetry()) {
    Retry(cause);
    return;
  }
  Cause spent = cause;
  spent.retries_spent = true;
  Abort(std::move(spent));
}

void SenderStep::Retry(const Cause& cause) {
  if (record.state != State::kSendPending) {
    record.saw_router_ack = false;
    record.saw_delivery_ack = false;
    Enter(State::kSendPending, cause, {});
  }
  const Duration wait = NextBackoff(record.message.policy, record.attempt, core.jitter_);
  record.waiting = true;
  ArmPhase(TimerKind::kBackoff, wait);
  RetryEvent event;
  event.role = Role::kSender;
  event.key = Key();
  event.target = record.message.target;
  event.reason = cause.reason;
  event.attempt = record.attempt + 1;
  event.backoff = wait;
  event.at = now;
  record.last_retry = now;  // CMB-INS-012.
  Emit(std::move(event));
}

// CMB-SND-019: no timer is left that could send. CMB-LATE-009.
void SenderStep::Finish(State state, const Cause& cause, Certainty certainty,
                        const std::vector<AckType>& skipped) {
  Check(IsEnded(state), "a record finishes in a terminal state");
  if (!IsEnded(record.state)) {
    Check(core.in_flight_ > 0, "every open record is counted");
    --core.in_flight_;
    NoteOutcome(state, cause);
  }
  record.ended = now;
  record.certainty = certainty;
  timers().DisarmAll(Key());
  Enter(state, cause, skipped);
  // Housekeeping forgets one millisecond after the last instant at which the
  // record must be known, since it runs before the frames of its instant.
  const Instant frozen = WindowEnd() + Duration{1};
  timers().Arm(Key(), TimerKind::kRecordExpiry, frozen + 2 * core.config_.max_latency);
}

void SenderStep::Abort(Cause cause) {
  if (cause.code == ErrorCode::kUnspecified) {
    cause.code = ErrorCode::kAckTimeout;
  }
  Finish(State::kTimeoutAbort, cause, KnownSoFar());
  const bool expired = cause.reason == Reason::kTtlExpired;
  for (const RouterName& via : record.routers) {  // None was used: there is nothing to stop.
    SendTimeout(via, expired ? ErrorCode::kTtlExpired : ErrorCode::kAckTimeout);
  }
  if (record.message.policy.cancel_on_timeout && IsTracked(core.config_.profile)) {
    SendCancel();  // CMB-CXL-014.
  }
  RaiseAlert(cause);
}

// CMB-SND-018, CMB-FBK-005.
void SenderStep::SendTimeout(const RouterName& via, ErrorCode code) {
  SendAck timeout{.to = kRouterId, .ack = {}, .parcel = {}, .via = via};
  timeout.ack.type = AckType::kTimeout;
  timeout.ack.status = Status::kFailure;
  timeout.ack.correlation_id = record.message.id;
  timeout.ack.attempt = record.attempt;
  timeout.ack.code = code;
  effects.push_back(std::move(timeout));
}

// CMB-TMR-004, CMB-PRG-009 for the TTL, whatever the state; CMB-TMR-007 for the backoff.
void SenderStep::OnTimer(TimerKind kind) {
  const ErrorCode timeout = ErrorCode::kAckTimeout;
  switch (kind) {
    case TimerKind::kRouterAck:
      RetryOrAbort({.reason = Reason::kRouterAckTimeout, .code = timeout, .note = {}});
      return;
    case TimerKind::kDeliveryAck:
      RetryOrAbort({.reason = Reason::kDeliveryAckTimeout, .code = timeout, .note = {}});
      return;
    case TimerKind::kExecution:
      RetryOrAbort({.reason = Reason::kExecutionTimeout, .code = timeout, .note = {}});
      return;
    case TimerKind::kTtl:
      Abort({.reason = Reason::kTtlExpired, .code = ErrorCode::kTtlExpired, .note = {}});
      return;
    case TimerKind::kBackoff:
      // A clock that ran late may bring the end of the life and of the wait
      // together; nothing is sent at 0, and the TTL timer is due as well.
      if (record.expires > now) {
        SendCopy();
      }
      return;
    case TimerKind::kCancel:
      SayCancelAgain();
      return;
    case TimerKind::kUnspecified:
    case TimerKind::kRedelivery:
    case TimerKind::kDeliveryPhase:
    case TimerKind::kHandler:
    case TimerKind::kReconcile:  // Lateness is judged by comparing instants.
    case TimerKind::kRecordExpiry:
    case TimerKind::kHeartbeat:
      Check(false, "a sender's record has only a sender's timers");
  }
}

void SenderStep::Report(AnomalyKind kind, const AckIn& ack) {
  Emit(AckAnomaly(kind, Role::kSender, ack, now));
}

Cause SenderStep::CauseOf(const AckIn& ack) {
  Cause cause;
  cause.code = ack.code;
  cause.note = ack.note;
  switch (ack.type) {
    case AckType::kRouterAck:
      cause.reason = Reason::kRouterAck;
      break;
    case AckType::kDeliveryAck:
      cause.reason = Reason::kDeliveryAck;
      break;
    case AckType::kExecutionAck:
      cause.reason = Reason::kExecutionAck;
      break;
    case AckType::kProgressAck:
      cause.reason = Reason::kProgressAck;
      break;
    case AckType::kTimeout:
      cause.reason = Reason::kTimeout;
      break;
    case AckType::kUnspecified:
    case AckType::kCancel:
    case AckType::kReceipt:
      Check(false, "this ACK is no cause of a sender's change");
  }
  return cause;
}

}  // namespace cmb::lifecycle
