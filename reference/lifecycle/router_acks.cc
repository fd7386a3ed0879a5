// ACKs on the ACK ingress: those of targets, which tell of delivery and are
// passed on, and CANCEL and TIMEOUT of senders. Spec: chapter router.
#include <variant>

#include "reference/lifecycle/check.h"
#include "reference/lifecycle/router_step.h"

namespace cmb::lifecycle {

namespace {

// ACKs remembered for each record; what is not remembered is judged again.
constexpr std::size_t kJudgedPerRecord = 1024;

Reason ReasonOf(AckType type) {
  if (type == AckType::kExecutionAck) {
    return Reason::kExecutionAck;
  }
  return type == AckType::kProgressAck ? Reason::kProgressAck : Reason::kReceipt;
}

// Meant for the router itself; what else a target says is only passed by.
bool IsForTheRouter(AckType type) {
  return type == AckType::kReceipt || type == AckType::kCancel || type == AckType::kTimeout;
}

}  // namespace

void RouterStep::OnAck(const AckIn& ack) {
  if (IsForTheRouter(ack.type) && !IsLegalPair(ack.type, ack.status)) {
    Report(AnomalyKind::kUnknownValue, ack);
    return;
  }
  if (!IsAuthorised(ack)) {
    Report(AnomalyKind::kUnauthorizedAck, ack);
    return;
  }
  if (IsOnlyPassedOn(ack.type)) {
    PassOn(ack, ack.target);
    return;
  }
  if (exists() && IsDuplicate(ack)) {
    Report(AnomalyKind::kDuplicateAck, ack);
    return;
  }
  switch (ack.type) {
    case AckType::kReceipt:
      OnReceipt(ack);
      return;
    case AckType::kCancel:
      OnCancel(ack);
      return;
    case AckType::kTimeout:
      OnSenderTimeout(ack);
      return;
    case AckType::kExecutionAck:
      if (IsTerminal(ack.type, ack.status) && !(ack.status == Status::kRejected && ack.retryable)) {
        OnTerminal(ack);
        return;
      }
      break;
    case AckType::kProgressAck:
    case AckType::kUnspecified:
    case AckType::kRouterAck:
    case AckType::kDeliveryAck:
      break;
  }
  OnTargetAck(ack);  // Types that nobody knows yet among them.
}

// CMB-SEC-002.
bool RouterStep::IsAuthorised(const AckIn& ack) const {
  if (IsOfRouter(ack.type)) {
    return false;  // The router's own words, CMB-VER-016 too.
  }
  if (!exists()) {
    return !IsOnlyPassedOn(ack.type) || !IsOfSender(ack.type) || !IsOfAnother();
  }
  return ack.source == (IsOfSender(ack.type) ? record.key.source : record.target);
}

// CMB-DUP-002.
bool RouterStep::IsDuplicate(const AckIn& ack) {
  if (ack.type != AckType::kReceipt && ack.type != AckType::kTimeout) {
    return false;  // Passed on every time: the first one may have been lost.
  }
  const auto identity = std::tuple(ack.type, ack.status, ack.attempt);
  if (record.judged.contains(identity)) {
    return true;
  }
  if (record.judged.size() < kJudgedPerRecord) {
    record.judged.insert(identity);
  }
  return false;
}

bool RouterStep::ImpliesDelivery(const AckIn& ack) const {
  if (record.state == State::kDelivered) {
    return record.forwarding && ack.attempt >= record.attempt;
  }
  return record.state == State::kForwarding || record.state == State::kDeadLettered;
}

// CMB-RTR-009: called for an ACK of the target, never else.
void RouterStep::ConfirmDelivery(const AckIn& ack) {
  Send(AckType::kDeliveryAck, Status::kSuccess, ack.attempt, ErrorCode::kUnspecified, {});
}

// CMB-RTR-007, CMB-RTR-011, CMB-RTR-022, CMB-RTR-024.
void RouterStep::OnReceipt(const AckIn& ack) {
  if (!exists()) {
    Report(AnomalyKind::kUnknownMessage, ack);
    return;
  }
  if (ack.status == Status::kRejected) {
    return;  // A full table is no evidence of anything; redelivery goes on.
  }
  if (!ImpliesDelivery(ack)) {
    Report(AnomalyKind::kOutOfOrderAck, ack);
    return;
  }
  StopPhase();
  if (record.state != State::kDelivered) {
    const bool late = record.state == State::kDeadLettered;
    Enter(State::kDelivered, late ? Reason::kLateReceipt : Reason::kReceipt,
          ErrorCode::kUnspecified, {});
  }
  ConfirmDelivery(ack);
}

// CMB-RTR-008, CMB-RTR-014; CMB-VER-006: whatever its type and status say.
void RouterStep::OnTargetAck(const AckIn& ack) {
  if (ImpliesDelivery(ack)) {
    StopPhase();
    if (record.state != State::kDelivered) {
      Enter(State::kDelivered, ReasonOf(ack.type), ErrorCode::kUnspecified, {});
    }
    ConfirmDelivery(ack);
  }
  PassOn(ack, ack.target);
}

// CMB-RTR-015, CMB-LATE-011.
void RouterStep::OnTerminal(const AckIn& ack) {
  if (!exists() || record.state == State::kSettled || record.state == State::kRejected) {
    PassOn(ack, ack.target);  // A refusal keeps nothing of it.
    return;
  }
  const bool untold = ImpliesDelivery(ack) || record.forwarding;
  StopPhase();
  record.terminal = ack;
  record.parcel.reset();  // Never forwarded again.
  Enter(State::kSettled, Reason::kExecutionAck, ack.code, ack.note);
  if (untold) {
    ConfirmDelivery(ack);
  }
  PassOn(ack, ack.target);
}

// CMB-SEC-002: its author has no such message, but somebody else has.
bool RouterStep::IsOfAnother() const { return !exists() && core.SomebodyHas(record.key.id); }

// Chapter 5.6: before the message too, so that it is dropped when it comes.
bool RouterStep::LeaveMark(Attempt attempt) {
  if (!exists() && record.closed == 0 && !core.rooms_.ForMark(record.key.source)) {
    return false;
  }
  CloseAttempts(attempt);
  Remember(now + 2 * core.config_.max_latency);
  ArmExpiry();
  return true;
}

// CMB-RTR-034.
void RouterStep::ReportMark(bool was_left, const AckIn& ack) {
  if (!was_left) {
    Report(AnomalyKind::kUnknownMessage, ack);
  }
}

// CMB-CXL-002.
void RouterStep::OnCancel(const AckIn& ack) {
  const bool was_left = LeaveMark(ack.attempt);
  if (IsOfAnother()) {
    Report(AnomalyKind::kUnauthorizedAck, ack);
    return;
  }
  ReportMark(was_left, ack);
  if (record.state == State::kForwarding || record.state == State::kDelivered ||
      record.state == State::kDeadLettered) {
    StopPhase();
    record.parcel.reset();
    Enter(State::kCancelled, Reason::kCancel, ErrorCode::kCancelled, ack.note);
  }
  PassOn(ack, ack.target);
  // CMB-CXL-005, CMB-CXL-012: nothing that the sender might fear for was ever forwarded.
  if (IsTracked(core.config_.profile) && record.state == State::kRejected &&
      ack.attempt <= record.refused_through) {
    Send(AckType::kDeliveryAck, Status::kFailure, ack.attempt, ErrorCode::kCancelled, {});
    std::get<SendAck>(effects.back()).ack.never_forwarded = true;
  }
}

// CMB-RTR-020.
void RouterStep::OnSenderTimeout(const AckIn& ack) {
  if (ack.attempt < record.attempt) {
    Report(AnomalyKind::kStaleAttempt, ack);
    return;
  }
  const bool was_left = LeaveMark(ack.attempt);
  if (IsOfAnother()) {
    Report(AnomalyKind::kUnauthorizedAck, ack);
    return;
  }
  ReportMark(was_left, ack);
  StopPhase();
  if (record.state == State::kForwarding) {
    Enter(State::kDeadLettered, Reason::kTimeout, ack.code, ack.note);
  }
}

// Whoever cannot be anybody has no route, and the shell counts that (CMB-WIRE-014).
void RouterStep::PassOn(const AckIn& ack, const ModuleId& to) {
  effects.push_back(
      ForwardAck{to, ack.correlation_id, ack.type, ack.status, ack.attempt, ack.parcel});
}

}  // namespace cmb::lifecycle
