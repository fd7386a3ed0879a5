// What the circuit breaker does to a message, and what a message's end says of
// its target. Spec: chapter circuit breaker.
#include "reference/lifecycle/sender_step.h"

namespace cmb::lifecycle {

namespace {

// True for the codes by which a failed message blames its target or the way to
// it. With any other code the target answered, and that is what counts here.
bool BlamesTarget(ErrorCode code) {
  switch (code) {
    case ErrorCode::kAgentUnavailable:
    case ErrorCode::kAgentShutdown:
    case ErrorCode::kOverloaded:
    case ErrorCode::kBufferFull:
    case ErrorCode::kNoRoute:
    case ErrorCode::kAckTimeout:
    case ErrorCode::kToolTimeout:
    case ErrorCode::kInternalError:
      return true;
    case ErrorCode::kUnspecified:
    case ErrorCode::kValidationError:
    case ErrorCode::kPermissionDenied:
    case ErrorCode::kUnsupportedMessageType:
    case ErrorCode::kOversizePayload:
    case ErrorCode::kPartialDelivery:
    case ErrorCode::kForcedPreemption:
    case ErrorCode::kTtlExpired:
    case ErrorCode::kDuplicateDetected:
    case ErrorCode::kAlreadyInProgress:
    case ErrorCode::kRedirect:
    case ErrorCode::kCancelled:
    case ErrorCode::kUnsupportedVersion:
    case ErrorCode::kChannelMismatch:
    case ErrorCode::kInterrupted:
    case ErrorCode::kCircuitOpen:
    case ErrorCode::kMalformed:
      return false;
  }
  return false;
}

}  // namespace

// CMB-CBR-003: nothing was sent, so no copy was executed.
void SenderStep::FailByCircuit() {
  const Cause cause{.reason = Reason::kCircuitOpen, .code = ErrorCode::kCircuitOpen, .note = {}};
  Finish(State::kCompletedFailure, cause, WithoutStart());
  RaiseAlert(cause);
}

// CMB-CBR-001, CMB-CBR-002.
void SenderStep::NoteOutcome(State state, const Cause& cause) {
  const ModuleId& target = record.message.target;
  const MessageId& id = record.message.id;
  if (!core.config_.circuit_breaker || record.attempt == 0) {
    return;  // Of what was never sent nobody can say how the target took it.
  }
  if (cause.reason == Reason::kCancel) {
    core.breaker_.Abandon(target, id);
    return;
  }
  const bool failed = state == State::kTimeoutAbort ||
                      (state == State::kCompletedFailure && BlamesTarget(cause.code));
  const bool shutdown = failed && cause.code == ErrorCode::kAgentShutdown;
  core.breaker_.Note(target, id,
                     shutdown ? CircuitOutcome::kShutdown
                     : failed ? CircuitOutcome::kFailure
                              : CircuitOutcome::kSuccess,
                     now);
}

}  // namespace cmb::lifecycle
