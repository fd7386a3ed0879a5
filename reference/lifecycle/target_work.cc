// The life of a work: its handler's start and end, its TTL, and how long its
// record is held. Spec: chapters target and deduplication.
#include <algorithm>

#include "reference/lifecycle/check.h"
#include "reference/lifecycle/target_step.h"

namespace cmb::lifecycle {

bool BearsItsKey(const Work& work) {
  if (work.state == State::kCancelled) {  // A tombstone has no answer.
    return work.answer && work.answer->started.value_or(false);
  }
  return work.state != State::kRejected ||
         (work.reason != Reason::kTtlExpired && !work.answer->retryable);
}

bool TargetStep::IsEnded() const {
  return work.state != State::kReceived && work.state != State::kExecuting;
}

// CMB-TGT-005, CMB-TGT-006.
void TargetStep::OnHandlerEnded(const HandlerEnd& end) {
  const bool refuses = end.status == Status::kRejected;
  if (!refuses) {
    OnHandlerStarted({});  // If it had not.
  }
  if (IsEnded() || work.waiting) {
    return;  // Its life ended before, or it was not asked: it speaks to nobody.
  }
  AckOut answer;
  answer.type = AckType::kExecutionAck;
  const bool without_code = end.status != Status::kSuccess && end.code == ErrorCode::kUnspecified;
  answer.code = without_code ? ErrorCode::kInternalError : end.code;
  answer.note = end.note;
  if (work.state == State::kReceived) {
    answer.status = Status::kRejected;
    answer.retryable = end.retryable;
    End(State::kRejected, Reason::kHandlerRefused, std::move(answer), end.parcel);
  } else if (end.status == Status::kSuccess) {
    answer.status = Status::kSuccess;
    End(State::kSucceeded, Reason::kHandlerSucceeded, std::move(answer), end.parcel);
  } else {
    // A refusal after the start would deny that start: it is a failure.
    answer.status = Status::kFailure;
    if (answer.code == ErrorCode::kPartialDelivery && IsTracked()) {
      answer.done_count = end.done;  // CMB-PRG-008.
      answer.total_count = end.total;
    }
    End(State::kFailed, Reason::kHandlerFailed, std::move(answer), end.parcel);
  }
}

void TargetStep::OnTtlEnd() {
  if (work.state == State::kExecuting) {
    effects.push_back(TellLifeEnded{work.name});  // CMB-TGT-014.
    return;
  }
  Check(work.state == State::kReceived, "ended work has no life to end");
  if (!work.waiting) {
    effects.push_back(DropWork{work.name});
  }
  EndLife();
}

// CMB-TGT-007.
void TargetStep::EndLife() {
  PassNumber();
  AckOut answer;
  answer.type = AckType::kExecutionAck;
  answer.status = Status::kRejected;
  answer.code = ErrorCode::kTtlExpired;
  End(State::kRejected, Reason::kTtlExpired, std::move(answer), nullptr);
}

void TargetStep::End(State state, Reason reason, AckOut answer, const ParcelRef& parcel) {
  timers().Disarm(work.name, TimerKind::kTtl);
  if (answer.status == Status::kRejected && IsDurable()) {
    answer.memory_ms = AgeOfMemory();  // CMB-DUR-007; nobody else's refusal proves (CMB-TGT-015).
  }
  work.answer = std::move(answer);
  work.answer_parcel = parcel;
  work.parcel.reset();
  work.stage.reset();
  work.cancel_asked = false;
  Enter(state, reason);
  core.table_.Rekey(work);
  Remember(now + 2 * core.config_.max_latency);
  ArmExpiry();
  for (const MessageId& id : work.order) {
    Attachment& attachment = work.messages.at(id);
    attachment.untold = attachment.routers;
    AnswerUnasked(id);
  }
  if (IsOrdered()) {
    core.lines_.Leave(work);
    core.turns_.insert(StreamOf(work));
  }
}

// CMB-ORD-003.
void TargetStep::PassNumber() {
  if (IsOrdered()) {
    core.lines_.Pass(StreamOf(work), work.messages.at(work.name.id).sequence);
  }
}

// CMB-FBK-007.
void TargetStep::AnswerUnasked(const MessageId& id) {
  const Attachment& attachment = work.messages.at(id);
  Answer(id, attachment.highest_attempt, attachment.routers);
}

void TargetStep::Answer(const MessageId& id, Attempt attempt, const std::set<RouterName>& via) {
  Say(*work.answer, work.answer_parcel, id, attempt, via);
}

void TargetStep::Say(const AckOut& ack, const ParcelRef& parcel, const MessageId& id,
                     Attempt attempt, const std::set<RouterName>& via) {
  for (const RouterName& router : via) {
    SendAck send{.to = work.key.source, .ack = ack, .parcel = parcel, .via = router};
    send.ack.correlation_id = id;
    send.ack.attempt = attempt;
    effects.push_back(std::move(send));
  }
}

// CMB-OBS-001, CMB-OBS-002, CMB-OBS-012.
void TargetStep::Enter(State state, Reason reason) {
  Check(state != work.state, "a transition changes the state");
  work.code = work.answer ? work.answer->code : ErrorCode::kUnspecified;
  work.note = work.answer ? work.answer->note : std::string();
  TransitionEvent event;
  event.role = Role::kTarget;
  event.key = {work.key.source, work.offered};
  event.target = work.target;
  event.channel = work.channel;
  event.old_state = work.state;
  event.new_state = state;
  event.reason = reason;
  event.at = now;
  event.attempt = work.offered_attempt;
  event.retry_count = RetriesOf(event.attempt);
  event.code = work.code;
  event.note = work.note;
  core.pending_.Move(work.state, state);
  work.state = state;
  work.reason = reason;
  work.changed = now;
  Emit(std::move(event));
  ArmExpiry();
}

void TargetStep::Remember(Instant until) {
  work.remember_until = std::max(work.remember_until, until);
}

void TargetStep::RememberCopy(Duration ttl) {
  Remember(now + ttl + 2 * core.config_.max_latency);
  ArmExpiry();
}

// CMB-DUP-008.
void TargetStep::ArmExpiry() {
  if (!IsEnded()) {
    timers().Disarm(work.name, TimerKind::kRecordExpiry);
    return;  // CMB-DUP-012.
  }
  // Housekeeping runs before the frames of its instant, so it comes one
  // millisecond after the last instant at which the record must be known.
  const Instant forget = std::max(work.remember_until + Duration{1}, now);
  timers().Arm(work.name, TimerKind::kRecordExpiry, forget);
}

}  // namespace cmb::lifecycle
