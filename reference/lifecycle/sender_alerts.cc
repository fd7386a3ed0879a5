// The sentences that people read when a message failed. Spec: chapter sender,
// alerts.
#include <utility>

#include "reference/lifecycle/sender_step.h"

namespace cmb::lifecycle {

namespace {

std::string InWords(const SenderRecord& record, const Cause& cause) {
  switch (cause.reason) {
    case Reason::kTtlExpired:
      return "its time to live ended";
    case Reason::kRouterAck:
      return "the router refused it";
    case Reason::kDeliveryAck:
      return "it could not be delivered";
    case Reason::kExecutionAck:
      return "the target refused it or failed";
    case Reason::kLateExecutionAck:
      return "the target ended it late";
    case Reason::kTimeout:
    case Reason::kRouterAckTimeout:
    case Reason::kDeliveryAckTimeout:
    case Reason::kExecutionTimeout:
      return "no answer in time";
    case Reason::kCircuitOpen:
      return "circuit to " + record.message.target.str() + " is open";
    case Reason::kUnspecified:
    case Reason::kSend:
    case Reason::kProgressAck:
    case Reason::kReceipt:
    case Reason::kCancel:
    case Reason::kResend:
    case Reason::kLateReceipt:
    case Reason::kDeliveryPhaseEnded:
    case Reason::kHandlerStarted:
    case Reason::kHandlerSucceeded:
    case Reason::kHandlerFailed:
    case Reason::kHandlerRefused:
    case Reason::kInterrupted:
      break;
  }
  return Word(cause.reason);
}

// CMB-OBS-009, CMB-OBS-010.
std::string Sentence(const SenderRecord& record, const Cause& cause) {
  const std::string whom =
      "message " + record.message.id.str() + " to " + record.message.target.str();
  if (cause.retries_spent) {
    return "Fleet: " + whom + " failed after " + std::to_string(record.attempt - 1) +
           " retries.\nCheck target connectivity. Last channel attempted: " + record.channel.str();
  }
  std::string text = whom + ": " + InWords(record, cause);
  if (cause.code != ErrorCode::kUnspecified && cause.reason != Reason::kCircuitOpen) {
    text += " (" + Word(cause.code) + ")";
  }
  return text;
}

// CMB-OBS-024: the cause is that of the transition, or the ACK itself.
AlertEvent Alert(const SenderStep& step, AlertState state, const Cause& cause) {
  AlertEvent event;
  event.state = state;
  event.key = step.Key();
  event.target = step.record.message.target;
  event.channel = step.record.channel;
  event.code = cause.code;
  event.reason = cause.reason;
  event.text = Sentence(step.record, cause);
  event.at = step.now;
  return event;
}

}  // namespace

// CMB-OBS-008: every failure comes by here once, cancels apart.
void SenderStep::RaiseAlert(const Cause& cause) {
  record.alert = AlertState::kRaised;
  Emit(Alert(*this, AlertState::kRaised, cause));
}

// CMB-LATE-017.
void SenderStep::TellWrongProof(const Cause& cause) {
  const bool raised = record.alert != AlertState::kUnspecified;
  record.alert = raised ? AlertState::kUpdated : AlertState::kRaised;
  record.disproved = true;
  AlertEvent event = Alert(*this, record.alert, cause);
  event.text = "message " + record.message.id.str() + " to " + record.message.target.str() +
               ": its work was started, though that had been ruled out";
  Emit(std::move(event));
}

// CMB-LATE-003.
void SenderStep::ReviseAlert(AlertState state, const Cause& cause) {
  if (record.alert == AlertState::kUnspecified) {
    return;  // Cancelled by the application: nobody was alarmed.
  }
  record.alert = state;
  AlertEvent event = Alert(*this, state, cause);
  if (state == AlertState::kResolved) {
    event.text = "message " + record.message.id.str() + " to " + record.message.target.str() +
                 ": succeeded after all";
  }
  Emit(std::move(event));
}

}  // namespace cmb::lifecycle
