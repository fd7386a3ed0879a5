// ACKs that find the record terminal, and what an outcome proves about the
// work. Spec: chapter late and conflicting ACKs.
#include <algorithm>
#include <utility>

#include "reference/lifecycle/sender_step.h"

namespace cmb::lifecycle {

// Rows 1 to 3 of CMB-LATE-012.
bool AttestsStart(const AckIn& ack) {
  if (ack.type == AckType::kProgressAck || ack.status == Status::kInProgress) {
    return !ack.hold.has_value();  // Held: the start waits for a condition.
  }
  if (ack.type != AckType::kExecutionAck || ack.status == Status::kRejected) {
    return false;
  }
  if (ack.status == Status::kSuccess) {
    return true;  // Whatever code it carries.
  }
  if (ack.code == ErrorCode::kCancelled) {
    return ack.started.value_or(false);
  }
  return ack.code != ErrorCode::kInterrupted;
}

// CMB-LATE-013: what is known is never taken back.
Certainty SenderStep::KnownSoFar() const {
  if (record.executed_seen || record.certainty == Certainty::kExecuted) {
    return Certainty::kExecuted;
  }
  return record.certainty == Certainty::kNotExecuted ? Certainty::kNotExecuted
                                                     : Certainty::kUnknown;
}

// 9.4: no other message of this sender brings the same work.
bool SenderStep::HasOwnKey() const {
  return !record.key_lent && record.message.key.str() == record.message.id.str();
}

// Rows 4 to 7 of CMB-LATE-012.
Certainty SenderStep::WithoutStart() const {
  const Certainty known = KnownSoFar();
  return known == Certainty::kUnknown && HasOwnKey() ? Certainty::kNotExecuted : known;
}

bool SenderStep::MemoryCoversLife(const AckIn& ack) const {
  if (!ack.memory_ms || record.created < core.config_.measured_since) {
    return false;  // CMB-TMR-014.
  }
  return SaturatedMs(*ack.memory_ms) >= now - record.created;  // Sent in that very call.
}

// CMB-LATE-012, for a terminal EXECUTION_ACK.
Certainty SenderStep::Evidence(const AckIn& ack) const {
  if (AttestsStart(ack)) {
    return Certainty::kExecuted;
  }
  const bool unstarted = ack.status == Status::kRejected ||
                         (ack.code == ErrorCode::kCancelled && !ack.started.value_or(true));
  // A target may have executed an earlier copy and forgotten it: only a memory
  // that reaches back far enough proves absence.
  return unstarted && MemoryCoversLife(ack) ? WithoutStart() : KnownSoFar();
}

// CMB-LATE-014.
void SenderStep::RaiseCertainty(const AckIn& ack) {
  if (AttestsStart(ack)) {
    record.certainty = Certainty::kExecuted;
  }
}

bool SenderStep::Disproves(const AckIn& ack) const {
  return AttestsStart(ack) && record.certainty == Certainty::kNotExecuted;
}

// CMB-LATE-016, CMB-LATE-017.
void SenderStep::Drop(AnomalyKind kind, const AckIn& ack) {
  const bool wrong = Disproves(ack);
  Report(wrong ? AnomalyKind::kConflict : kind, ack);
  RaiseCertainty(ack);
  if (wrong) {
    TellWrongProof(CauseOf(ack));
  }
}

void SenderStep::OnEnded(const AckIn& ack) {
  if (IsTerminal(ack.type, ack.status)) {
    OnTerminalAgain(ack);
    return;
  }
  if (AnswersCancelWithProof(ack)) {
    timers().Disarm(Key(), TimerKind::kCancel);
    record.certainty = WithoutStart();
    return;
  }
  if (ack.status == Status::kFailure && IsOpenBehindRequiredAck()) {
    OnLateFailure(ack);
    return;
  }
  const bool good = ack.status == Status::kSuccess || ack.status == Status::kInProgress;
  if (good) {
    NoteStage(ack);
  }
  Drop(good ? AnomalyKind::kOutOfOrderAck : AnomalyKind::kUnexpectedAck, ack);
}

void SenderStep::NoteStage(const AckIn& ack) {
  // For the views of a record that required_ack completed.
  State stage = State::kExecuting;
  if (ack.type == AckType::kRouterAck) {
    stage = State::kRouted;
  } else if (ack.type == AckType::kDeliveryAck) {
    stage = State::kDelivered;
  }
  record.highest_stage = std::max(record.highest_stage, stage);
}

// The router's word alone, and the target has not agreed.
bool SenderStep::IsProvisionalFailure() const {
  return record.state == State::kCompletedFailure && !record.agreed &&
         (record.reason == Reason::kRouterAck || record.reason == Reason::kDeliveryAck);
}

// Completed by required_ack, and the target has not told its success.
bool SenderStep::IsOpenBehindRequiredAck() const {
  return record.by_required_ack && record.highest_stage != State::kCompletedSuccess;
}

// CMB-LATE-001, CMB-LATE-004, CMB-LATE-005, CMB-LATE-015, CMB-LATE-020.
void SenderStep::OnTerminalAgain(const AckIn& ack) {
  const bool success = ack.status == Status::kSuccess;
  if (record.state == State::kTimeoutAbort || (success && IsProvisionalFailure())) {
    if (now <= WindowEnd()) {
      Reconcile(ack);
    } else {
      Drop(AnomalyKind::kLateAfterWindow, ack);
    }
    return;
  }
  if (record.by_required_ack && success) {
    OnLateSuccess(ack);
    return;
  }
  if (IsOpenBehindRequiredAck()) {
    OnLateFailure(ack);
    return;
  }
  const bool agrees = success == (record.state == State::kCompletedSuccess);
  record.agreed |= agrees;
  Drop(agrees ? AnomalyKind::kDuplicateAck : AnomalyKind::kConflict, ack);
}

// CMB-LATE-006, CMB-LATE-018.
void SenderStep::OnLateFailure(const AckIn& ack) {
  Report(AnomalyKind::kLateFailure, ack);
  RaiseCertainty(ack);
  if (record.alert == AlertState::kUnspecified) {
    RaiseAlert(CauseOf(ack));
  }
}

// CMB-LATE-007.
void SenderStep::OnLateSuccess(const AckIn& ack) {
  record.highest_stage = State::kCompletedSuccess;
  RaiseCertainty(ack);
  if (record.alert == AlertState::kRaised) {
    ReviseAlert(AlertState::kResolved, CauseOf(ack));
  }
}

// CMB-LATE-002: the dead letter mark follows the state; CMB-LATE-003, CMB-LATE-008.
void SenderStep::Reconcile(const AckIn& ack) {
  Cause cause = CauseOf(ack);
  cause.reason = Reason::kLateExecutionAck;
  const bool success = ack.status == Status::kSuccess;
  const bool wrong = Disproves(ack);
  record.refused = ack.status == Status::kRejected;
  record.highest_stage = State::kCompletedSuccess;
  Finish(success ? State::kCompletedSuccess : State::kCompletedFailure, cause, Evidence(ack));
  if (wrong) {
    Report(AnomalyKind::kConflict, ack);
    TellWrongProof(cause);
    return;
  }
  const bool resolved = success && !record.disproved;
  ReviseAlert(resolved ? AlertState::kResolved : AlertState::kUpdated, cause);
}

}  // namespace cmb::lifecycle
