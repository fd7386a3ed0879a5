// How far a work is, before its end: held, started, getting on. Spec: chapter
// target.
#include <algorithm>

#include "reference/lifecycle/target_step.h"

namespace cmb::lifecycle {

namespace {

AckOut InProgress(AckType type) {
  AckOut ack;
  ack.type = type;
  ack.status = Status::kInProgress;
  return ack;
}

}  // namespace

// CMB-PRG-007.
void TargetStep::OnHandlerHeld(Duration hold) {
  const bool may_say = IsTracked() && core.config_.conditional_ack;
  if (!may_say || work.state != State::kReceived || work.waiting || LifeIsOver()) {
    return;
  }
  AckOut held = InProgress(AckType::kExecutionAck);
  held.hold = hold;
  work.held_until = now + hold;
  SayStage(std::move(held));
}

// CMB-TGT-004, CMB-DUP-003, CMB-PRG-004.
void TargetStep::OnHandlerStarted(const HandlerStart& start) {
  if (work.state != State::kReceived || work.waiting) {
    return;  // CMB-TGT-017: the life ended first, or it started before, or it is not its turn.
  }
  if (LifeIsOver()) {
    OnTtlEnd();  // At one instant the end of the life comes first.
    return;
  }
  PassNumber();
  ++work.messages.at(work.offered).executions;
  work.resumable = start.resumable;
  Enter(State::kExecuting, Reason::kHandlerStarted);
  ExecutionEvent event;
  event.key = {work.key.source, work.offered};
  event.target = work.target;
  event.idempotency_key = work.key.key;
  event.attempt = work.offered_attempt;
  event.at = now;
  Emit(std::move(event));
  // Whoever was told of a hold waits for its end.
  const bool was_held = work.stage.has_value();
  if (IsTracked() && (start.announce || was_held)) {
    SayStage(InProgress(AckType::kExecutionAck));
  }
}

// CMB-PRG-005.
void TargetStep::OnHandlerProgress(const HandlerProgress& progress) {
  if (!IsTracked() || work.state != State::kExecuting) {
    return;
  }
  AckOut ack = InProgress(AckType::kProgressAck);
  ack.percent = progress.percent;
  ack.done_count = progress.done;
  ack.total_count = progress.total;
  ack.eta = progress.eta;
  SayStage(std::move(ack));
}

// CMB-PRG-010.
void TargetStep::SayStage(AckOut stage) {
  stage.progress_number = ++work.progress_number;
  work.stage = std::move(stage);
  for (const MessageId& id : work.order) {
    const Attachment& attachment = work.messages.at(id);
    AnswerStage(id, attachment.highest_attempt, attachment.routers);  // CMB-FBK-007.
  }
}

// CMB-PRG-006.
void TargetStep::AnswerStage(const MessageId& id, Attempt attempt,
                             const std::set<RouterName>& via) {
  AckOut ack = *work.stage;
  if (ack.hold) {
    ack.hold = std::max(Duration{0}, work.held_until - now);
  }
  Say(ack, nullptr, id, attempt, via);
}

// CMB-DUR-015.
void TargetStep::SayAgainThatItRuns() { SayStage(InProgress(AckType::kExecutionAck)); }

}  // namespace cmb::lifecycle
