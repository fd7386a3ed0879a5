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
  core.pending_.Move(work.state, State::kReceived);
  work.state = State::kReceived;
  Attachment& attachment = work.messages.at(message.id);
  attachment.highest_attempt = AttemptOf(message);
  attachment.routers.insert(message.via);
  Come(message);
  work.stream = attachment.stream;
  Remember(now + core.config_.key_window);
  RememberCopy(message.ttl);
  SendReceipt(message.id, AttemptOf(message), message.via);
  Offer(message);
}

// CMB-ORD-003: its number has come, whatever becomes of it.
void TargetStep::Come(const MessageIn& message) {
  Attachment& attachment = work.messages.at(message.id);
  attachment.came = ++core.works_;
  if (core.config_.ordered && !message.stream.empty()) {
    attachment.stream = message.stream;
    attachment.sequence = message.sequence;
    const StreamLines::Stream stream{work.key.source, message.stream};
    core.lines_.Come(stream, message.sequence);
    core.turns_.insert(stream);
  }
}

void TargetStep::OnForgotten() {
  for (const auto& [id, attachment] : work.messages) {
    if (!attachment.stream.empty()) {
      core.lines_.Forget({work.key.source, attachment.stream});
    }
  }
}

void TargetStep::Offer(const MessageIn& message) {
  work.offered = message.id;
  work.offered_attempt = AttemptOf(message);
  work.arrived = now;
  work.parcel = message.parcel;
  work.messages.at(message.id).expires = now + message.ttl;
  work.expires = std::max(now, LastLife());
  if (LifeIsOver()) {
    EndLife();
    return;
  }
  timers().Arm(work.name, TimerKind::kTtl, work.expires);
  work.waiting = IsOrdered();
  if (work.waiting) {
    core.lines_.Enter(work);
    core.turns_.insert(StreamOf(work));
  } else {
    effects.push_back(OfferOf(false));
  }
}

// CMB-TGT-013: shared work lives as long as the longest of its messages.
Instant TargetStep::LastLife() const {
  return std::max_element(
             work.messages.begin(), work.messages.end(),
             [](const auto& a, const auto& b) { return a.second.expires < b.second.expires; })
      ->second.expires;
}

void TargetStep::OnAttached(const MessageIn& message) {
  if (work.messages.at(message.id).highest_attempt == 0) {
    Come(message);  // Else it came before, to another record.
  }
  work.messages.at(message.id).expires = now + message.ttl;
  if (!IsEnded() && LastLife() > work.expires) {
    work.expires = LastLife();
    timers().Arm(work.name, TimerKind::kTtl, work.expires);
  }
  OnCopy(message);
}

void TargetStep::OnTurn() {
  work.waiting = false;
  if (LifeIsOver()) {
    EndLife();  // At one instant the end of the life comes first.
    return;
  }
  effects.push_back(OfferOf(false));
}

// CMB-CXL-010. There is nothing to start, whatever life the message has left.
void TargetStep::OnCancelledBefore(const MessageIn& message) {
  Attachment& attachment = work.messages.at(message.id);
  attachment.highest_attempt = AttemptOf(message);
  attachment.routers.insert(message.via);
  attachment.untold.insert(message.via);
  work.channel = message.channel;
  Come(message);
  Remember(now + core.config_.key_window);
  RememberCopy(message.ttl);
  SendReceipt(message.id, AttemptOf(message), message.via);
  work.answer = Cancelled(false);
  Answer(message.id, AttemptOf(message), {message.via});
}

// CMB-DUP-004, CMB-DUP-005, CMB-PRG-006; CMB-TGT-002: the RECEIPT comes first.
// CMB-FBK-006: what answers a copy goes back by the way the copy came.
// CMB-DUP-006: it is what the record says; that it was a copy is told by nothing.
void TargetStep::OnCopy(const MessageIn& message) {
  Attachment& attachment = work.messages.at(message.id);
  const bool reopens = Reopens(work, message);
  attachment.highest_attempt = std::max(attachment.highest_attempt, AttemptOf(message));
  attachment.routers.insert(message.via);
  RememberCopy(message.ttl);
  SendReceipt(message.id, AttemptOf(message), message.via);
  if (reopens) {
    work.answer.reset();
    // The event of the reopening names the copy that reopens.
    work.offered = message.id;
    work.offered_attempt = AttemptOf(message);
    work.turn = ++core.works_;  // CMB-ORD-004.
    Enter(State::kReceived, Reason::kResend);
    core.table_.Rekey(work);
    Offer(message);
  } else if (IsEnded()) {
    Answer(message.id, AttemptOf(message), {message.via});
  } else if (work.stage) {
    AnswerStage(message.id, AttemptOf(message), {message.via});
  }
}

// CMB-TGT-010.
bool TargetStep::Reopens(const Work& work, const MessageIn& message) {
  return work.state == State::kRejected && work.answer->retryable &&
         AttemptOf(message) > work.messages.at(message.id).highest_attempt;
}

// CMB-WIRE-001.
void TargetStep::SendReceipt(const MessageId& id, Attempt attempt, const RouterName& via) {
  SendAck send{.to = work.key.source, .ack = {}, .parcel = {}, .via = via};
  send.ack.type = AckType::kReceipt;
  send.ack.status = Status::kSuccess;
  send.ack.correlation_id = id;
  send.ack.attempt = attempt;
  effects.push_back(std::move(send));
}

}  // namespace cmb::lifecycle
