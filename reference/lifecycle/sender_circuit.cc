// What the circuit breaker does to a message, and what a message's end says of
// its target. Spec: chapter circuit breaker.
#include <algorithm>

#include "reference/lifecycle/sender_step.h"

namespace cmb::lifecycle {

// CMB-CBR-003, CMB-CBR-010: nothing was sent, so no copy was executed.
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
  const bool failed = IsFailure(state, cause.code);
  const bool shutdown = failed && cause.code == ErrorCode::kAgentShutdown;
  core.breaker_.Note(target, id,
                     shutdown ? CircuitOutcome::kShutdown
                     : failed ? CircuitOutcome::kFailure
                              : CircuitOutcome::kSuccess,
                     now);
}

// With any code that is not listed the target answered, and that is what counts.
bool SenderStep::IsFailure(State end, ErrorCode code) const {
  const CircuitConfig& circuit = core.config_.circuit;
  if (end == State::kCompletedSuccess) {
    return circuit.slow && now - record.created > *circuit.slow;
  }
  return end == State::kTimeoutAbort ||
         std::find(circuit.failure_codes.begin(), circuit.failure_codes.end(), code) !=
             circuit.failure_codes.end();
}

void SenderStep::NoteSign() {
  if (core.config_.circuit_breaker) {
    core.breaker_.NoteSign(record.message.target, record.message.id);
  }
}

}  // namespace cmb::lifecycle
