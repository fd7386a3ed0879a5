// Good news: the stages that an ACK takes an open record to, and what it then
// skips, completes or starts anew.
#include <algorithm>
#include <utility>

#include "reference/lifecycle/sender_step.h"

namespace cmb::lifecycle {

// CMB-SND-005, CMB-SND-006, CMB-SND-007, CMB-SND-011, CMB-PRG-001, CMB-PRG-002,
// CMB-PRG-011.
// CMB-RTY-007: the backoff of a retry that waits is disarmed with the phase.
void SenderStep::Reach(State stage, const AckIn& ack) {
  if (AttestsStart(ack)) {
    record.executed_seen = true;
  }
  if (stage == State::kExecuting) {
    NoteSign();
  }
  if (stage == record.state && stage == State::kExecuting) {
    Stay(ack);
    return;
  }
  if (stage <= record.state) {
    Report(AnomalyKind::kOutOfOrderAck, ack);
    return;
  }
  const std::vector<AckType> skipped = SkippedBefore(stage);
  record.saw_router_ack = true;
  record.saw_delivery_ack = stage != State::kRouted;
  record.waiting = false;
  record.highest_stage = std::max(record.highest_stage, stage);
  if (Completes(stage)) {
    record.by_required_ack = true;
    Finish(State::kCompletedSuccess, CauseOf(ack), KnownSoFar(), skipped);
    return;
  }
  Enter(stage, CauseOf(ack), skipped);
  if (stage == State::kRouted) {
    ArmPhase(TimerKind::kDeliveryAck, record.message.policy.delivery_ack);
  } else {
    ArmExecution(ack);
  }
  if (ack.type == AckType::kProgressAck) {
    EmitProgress(ack);
  }
}

void SenderStep::Stay(const AckIn& ack) {
  ArmExecution(ack);
  EmitProgress(ack);
}

// CMB-OBS-005.
void SenderStep::EmitProgress(const AckIn& ack) {
  ProgressEvent event;
  event.role = Role::kSender;
  event.key = Key();
  event.target = record.message.target;
  event.progress_number = ack.progress_number;
  event.percent = ack.percent;
  event.at = now;
  Emit(std::move(event));
}

// CMB-SND-010.
bool SenderStep::Completes(State stage) const {
  const AckType required = record.message.policy.required_ack;
  return required == AckType::kRouterAck ||
         (required == AckType::kDeliveryAck && stage != State::kRouted);
}

// CMB-OBS-007.
std::vector<AckType> SenderStep::SkippedBefore(State stage) const {
  std::vector<AckType> skipped;
  if (stage > State::kRouted && !record.saw_router_ack) {
    skipped.push_back(AckType::kRouterAck);
  }
  if (stage > State::kDelivered && !record.saw_delivery_ack) {
    skipped.push_back(AckType::kDeliveryAck);
  }
  return skipped;
}

}  // namespace cmb::lifecycle
