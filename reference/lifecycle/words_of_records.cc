// Words of records and events; those of frames are in words.cc.
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

namespace {

template <typename Enum>
std::string Number(Enum value) {
  return std::to_string(static_cast<int>(value));
}

}  // namespace

std::string Word(Profile value) {
  switch (value) {
    case Profile::kUnspecified:
      return "UNSPECIFIED";
    case Profile::kCore:
      return "CORE";
    case Profile::kBasic:
      return "BASIC";
    case Profile::kTracked:
      return "TRACKED";
    case Profile::kDurable:
      return "DURABLE";
  }
  return Number(value);
}

std::string Word(State value) {
  switch (value) {
    case State::kUnspecified:
      return "UNSPECIFIED";
    case State::kIdle:
      return "IDLE";
    case State::kSendPending:
      return "SEND_PENDING";
    case State::kRouted:
      return "ROUTED";
    case State::kDelivered:
      return "DELIVERED";
    case State::kExecuting:
      return "EXECUTING";
    case State::kCompletedSuccess:
      return "COMPLETED_SUCCESS";
    case State::kCompletedFailure:
      return "COMPLETED_FAILURE";
    case State::kTimeoutAbort:
      return "TIMEOUT_ABORT";
    case State::kForwarding:
      return "FORWARDING";
    case State::kSettled:
      return "SETTLED";
    case State::kRejected:
      return "REJECTED";
    case State::kDeadLettered:
      return "DEAD_LETTERED";
    case State::kCancelled:
      return "CANCELLED";
    case State::kReceived:
      return "RECEIVED";
    case State::kSucceeded:
      return "SUCCEEDED";
    case State::kFailed:
      return "FAILED";
  }
  return Number(value);
}

std::string Word(Reason value) {
  switch (value) {
    case Reason::kUnspecified:
      return "UNSPECIFIED";
    case Reason::kSend:
      return "SEND";
    case Reason::kRouterAck:
      return "ROUTER_ACK";
    case Reason::kDeliveryAck:
      return "DELIVERY_ACK";
    case Reason::kExecutionAck:
      return "EXECUTION_ACK";
    case Reason::kProgressAck:
      return "PROGRESS_ACK";
    case Reason::kReceipt:
      return "RECEIPT";
    case Reason::kTimeout:
      return "TIMEOUT";
    case Reason::kCancel:
      return "CANCEL";
    case Reason::kRouterAckTimeout:
      return "ROUTER_ACK_TIMEOUT";
    case Reason::kDeliveryAckTimeout:
      return "DELIVERY_ACK_TIMEOUT";
    case Reason::kExecutionTimeout:
      return "EXECUTION_TIMEOUT";
    case Reason::kTtlExpired:
      return "TTL_EXPIRED";
    case Reason::kLateExecutionAck:
      return "LATE_EXECUTION_ACK";
    case Reason::kResend:
      return "RESEND";
    case Reason::kLateReceipt:
      return "LATE_RECEIPT";
    case Reason::kDeliveryPhaseEnded:
      return "DELIVERY_PHASE_ENDED";
    case Reason::kHandlerStarted:
      return "HANDLER_STARTED";
    case Reason::kHandlerSucceeded:
      return "HANDLER_SUCCEEDED";
    case Reason::kHandlerFailed:
      return "HANDLER_FAILED";
    case Reason::kHandlerRefused:
      return "HANDLER_REFUSED";
    case Reason::kInterrupted:
      return "INTERRUPTED";
    case Reason::kCircuitOpen:
      return "CIRCUIT_OPEN";
  }
  return Number(value);
}

std::string Word(Certainty value) {
  switch (value) {
    case Certainty::kUnspecified:
      return "UNSPECIFIED";
    case Certainty::kUnknown:
      return "UNKNOWN";
    case Certainty::kExecuted:
      return "EXECUTED";
    case Certainty::kNotExecuted:
      return "NOT_EXECUTED";
  }
  return Number(value);
}

std::string Word(AnomalyKind value) {
  switch (value) {
    case AnomalyKind::kUnspecified:
      return "UNSPECIFIED";
    case AnomalyKind::kMalformed:
      return "MALFORMED";
    case AnomalyKind::kChannelMismatch:
      return "CHANNEL_MISMATCH";
    case AnomalyKind::kUnauthorizedAck:
      return "UNAUTHORIZED_ACK";
    case AnomalyKind::kUnknownValue:
      return "UNKNOWN_VALUE";
    case AnomalyKind::kUnknownMessage:
      return "UNKNOWN_MESSAGE";
    case AnomalyKind::kDuplicateAck:
      return "DUPLICATE_ACK";
    case AnomalyKind::kOutOfOrderAck:
      return "OUT_OF_ORDER_ACK";
    case AnomalyKind::kStaleAttempt:
      return "STALE_ATTEMPT";
    case AnomalyKind::kUnexpectedAck:
      return "UNEXPECTED_ACK";
    case AnomalyKind::kConflict:
      return "CONFLICT";
    case AnomalyKind::kLateAfterWindow:
      return "LATE_AFTER_WINDOW";
    case AnomalyKind::kLateFailure:
      return "LATE_FAILURE";
    case AnomalyKind::kClosedAttempt:
      return "CLOSED_ATTEMPT";
    case AnomalyKind::kUndeliverable:
      return "UNDELIVERABLE";
    case AnomalyKind::kUnsupported:
      return "UNSUPPORTED";
    case AnomalyKind::kUnknownType:
      return "UNKNOWN_TYPE";
  }
  return Number(value);
}

std::string Word(TimerKind value) {
  switch (value) {
    case TimerKind::kUnspecified:
      return "UNSPECIFIED";
    case TimerKind::kRouterAck:
      return "ROUTER_ACK";
    case TimerKind::kDeliveryAck:
      return "DELIVERY_ACK";
    case TimerKind::kExecution:
      return "EXECUTION";
    case TimerKind::kBackoff:
      return "BACKOFF";
    case TimerKind::kTtl:
      return "TTL";
    case TimerKind::kRedelivery:
      return "REDELIVERY";
    case TimerKind::kDeliveryPhase:
      return "DELIVERY_PHASE";
    case TimerKind::kHandler:
      return "HANDLER";
    case TimerKind::kCancel:
      return "CANCEL";
    case TimerKind::kReconcile:
      return "RECONCILE";
    case TimerKind::kRecordExpiry:
      return "RECORD_EXPIRY";
    case TimerKind::kHeartbeat:
      return "HEARTBEAT";
  }
  return Number(value);
}

std::string Word(AlertState value) {
  switch (value) {
    case AlertState::kUnspecified:
      return "UNSPECIFIED";
    case AlertState::kRaised:
      return "RAISED";
    case AlertState::kUpdated:
      return "UPDATED";
    case AlertState::kResolved:
      return "RESOLVED";
  }
  return Number(value);
}

}  // namespace cmb::lifecycle
