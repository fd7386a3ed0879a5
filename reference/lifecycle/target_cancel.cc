// What a CANCEL does to a work. Spec: chapter target, cancelling.
#include "reference/lifecycle/anomaly.h"
#include "reference/lifecycle/target_step.h"

namespace cmb::lifecycle {

void TargetStep::OnCancel(const AckIn& cancel) {
  if (work.tombstone || work.cancel_asked) {
    Emit(AckAnomaly(AnomalyKind::kDuplicateAck, Role::kTarget, cancel, now));
  } else if (work.state == State::kReceived) {
    if (!work.waiting) {
      effects.push_back(DropWork{work.name});
    }
    EndCancelled(false);  // CMB-CXL-006.
  } else if (work.state == State::kExecuting) {
    work.cancel_asked = true;
    effects.push_back(CancelWork{work.name});
  } else if (work.answer->retryable) {
    // CMB-CXL-016: else a delayed copy of a higher attempt would run.
    EndCancelled(false);
  } else {  // CMB-CXL-009.
    AnswerUnasked(cancel.correlation_id);
  }
}

// CMB-CXL-007. Who stops unasked has failed, and says so with OnHandlerEnded.
void TargetStep::OnHandlerStopped() {
  if (work.cancel_asked) {
    EndCancelled(true);
  }
}

void TargetStep::EndCancelled(bool started) {
  End(State::kCancelled, Reason::kCancel, Cancelled(started), nullptr);
}

// CMB-CXL-011, CMB-CXL-017.
AckOut TargetStep::Cancelled(bool started) const {
  AckOut ack;
  ack.type = AckType::kExecutionAck;
  ack.status = Status::kFailure;
  ack.code = ErrorCode::kCancelled;
  ack.started = started;
  // CMB-TGT-016: a CANCEL stops one router, and a process that ends forgets what it had cancelled.
  ack.memory_ms = core.config_.several_routers && !IsDurable() ? 0 : AgeOfMemory();
  return ack;
}

}  // namespace cmb::lifecycle
