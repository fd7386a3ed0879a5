// Copies of messages as they reach a target: recorded once, answered every
// time. Spec: chapters target and deduplication.
#include <algorithm>

#include "reference/lifecycle/target_step.h"

namespace cmb::lifecycle {

// CMB-TGT-001, CMB-TGT-003.
void TargetStep::OnFirstCopy(const MessageIn& message) {
  work.created = now;
  work.changed = now;
  work.channel = message.channel;
  work.state = State::kReceived;
  work.messages.at(message.id).highest_attempt = AttemptOf(message);
  Remember(now + core.config_.key_window);
  RememberCopy(message.ttl);
  SendReceipt(message);
  Offer(message);
}

void TargetStep::Offer(const MessageIn& message) {
  work.offered = message.id;
  work.offered_attempt = AttemptOf(message);
  work.expires = now + message.ttl;
  if (LifeIsOver()) {
    EndLife();
    return;
  }
  timers().Arm(work.name, TimerKind::kTtl, work.expires);
  effects.push_back(OfferWork{work.name, work.key.key, AttemptOf(message), message.parcel});
}

// CMB-DUP-004, CMB-DUP-005; CMB-TGT-002: the RECEIPT comes first.
void TargetStep::OnCopy(const MessageIn& message) {
  Attachment& attachment = work.messages.at(message.id);
  const Attempt before = attachment.highest_attempt;
  attachment.highest_attempt = std::max(before, AttemptOf(message));
  RememberCopy(message.ttl);
  const bool reopens = Reopens(message, before);
  SendReceipt(message);
  if (reopens) {
    work.answer.reset();
    work.answer_parcel.reset();
    // The event of the reopening names the copy that reopens.
    work.offered = message.id;
    work.offered_attempt = AttemptOf(message);
    Enter(State::kReceived, Reason::kResend);
    Offer(message);
  } else if (IsEnded()) {
    Answer(message.id, AttemptOf(message));
  }
}

// CMB-TGT-010.
bool TargetStep::Reopens(const MessageIn& message, Attempt highest_before) const {
  // Only a message that heard the refusal can come back to it.
  return work.state == State::kRejected && work.answer && work.answer->retryable &&
         highest_before > 0 && AttemptOf(message) > highest_before;
}

void TargetStep::SendReceipt(const MessageIn& message) {
  SendAck send{.to = message.source, .ack = {}, .parcel = {}};
  send.ack.type = AckType::kReceipt;
  send.ack.status = Status::kSuccess;
  send.ack.correlation_id = message.id;
  send.ack.attempt = AttemptOf(message);
  effects.push_back(std::move(send));
}

}  // namespace cmb::lifecycle
