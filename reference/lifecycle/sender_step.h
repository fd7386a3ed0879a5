// One call of the Sender core at work on one record: the changes that a record
// can undergo, each with its event, and the judging of ACKs on top of them.
// Private to the core; made anew for each call.
#pragma once

#include <string>
#include <vector>

#include "reference/lifecycle/sender.h"

namespace cmb::lifecycle {

// Why a record changes, as events and alerts tell it.
struct Cause {
  Reason reason = Reason::kUnspecified;
  ErrorCode code = ErrorCode::kUnspecified;
  std::string note;
  bool retries_spent = false;  // The budget decided, not the cause itself.
};

// CMB-SND-020: it has one record to work on, and no way to another.
struct SenderStep {
  Sender& core;
  SenderRecord& record;
  const Instant now;
  Effects& effects;

  // ---- sender_step.cc: changes
  void Begin();                     // IDLE -> SEND_PENDING and the first send.
  void SendCopy();                  // The next attempt, with the life that remains.
  ChannelName NextChannel() const;  // Of the attempt that is to be sent.
  void Enter(State state, const Cause& cause, const std::vector<AckType>& skipped);
  void ArmPhase(TimerKind kind, Duration wait);
  void ArmExecution(const AckIn& ack);
  // A retry while the budget lasts, else TIMEOUT_ABORT.
  void RetryOrAbort(const Cause& cause);
  void Retry(const Cause& cause);
  bool MayRetry() const;
  // Terminal states.
  void Finish(State state, const Cause& cause, Certainty certainty,
              const std::vector<AckType>& skipped = {});
  void Abort(Cause cause);  // TIMEOUT_ABORT, and TIMEOUT to the router.
  void SendTimeout(const RouterName& via, ErrorCode code);
  void OnTimer(TimerKind kind);

  // ---- sender_cancel.cc
  void ApplicationCancels();
  void SendCancel();  // And arms its repetition.
  void SayCancelAgain();
  bool AnswersCancelWithProof(const AckIn& ack) const;

  // ---- sender_circuit.cc
  void FailByCircuit();
  // Tells the circuit breaker what the end says of the target.
  void NoteOutcome(State state, const Cause& cause);
  bool IsFailure(State end, ErrorCode code) const;
  // The target works on the message.
  void NoteSign();

  // ---- sender_alerts.cc
  void RaiseAlert(const Cause& cause);
  void ReviseAlert(AlertState state, const Cause& cause);
  void TellWrongProof(const Cause& cause);

  // ---- sender_acks.cc: judging, and the ACKs of an open record
  void Judge(const AckIn& ack);
  bool IsAuthorised(const AckIn& ack) const;
  bool IsDuplicate(const AckIn& ack);
  bool IsStale(const AckIn& ack) const;
  void OnOpen(const AckIn& ack);
  bool MayFindARoute(const AckIn& refusal) const;
  void OnRouterRejection(const AckIn& ack);
  void OnDeliveryFailure(const AckIn& ack);
  void OnRouterTimeout(const AckIn& ack);
  void OnTargetRejection(const AckIn& ack);
  void OnTerminal(const AckIn& ack);
  // Bad news that asks for a retry: the retry that already waits will do.
  void RetryUnlessWaiting(const AckIn& ack);

  // ---- sender_stages.cc
  // Good news: the record moves on to `stage`, completes there, or stays.
  void Reach(State stage, const AckIn& ack);
  void Stay(const AckIn& ack);
  void EmitProgress(const AckIn& ack);
  bool Completes(State stage) const;
  std::vector<AckType> SkippedBefore(State stage) const;

  // ---- sender_late.cc: ACKs of a terminal record, and what outcomes prove
  void OnEnded(const AckIn& ack);
  void OnTerminalAgain(const AckIn& ack);
  bool IsProvisionalFailure() const;
  bool IsOpenBehindRequiredAck() const;
  void OnLateFailure(const AckIn& ack);
  void OnLateSuccess(const AckIn& ack);
  void Reconcile(const AckIn& ack);
  // One anomaly, and what the ACK tells all the same.
  void Drop(AnomalyKind kind, const AckIn& ack);
  // NOT_EXECUTED was proven, and the ACK attests a start.
  bool Disproves(const AckIn& ack) const;
  void NoteStage(const AckIn& ack);
  // It becomes EXECUTED if the ACK attests a start.
  void RaiseCertainty(const AckIn& ack);
  // What a terminal EXECUTION_ACK proves, beside what was known before.
  Certainty Evidence(const AckIn& ack) const;
  Certainty KnownSoFar() const;
  // What is known once no copy of the message can have been executed.
  Certainty WithoutStart() const;
  bool HasOwnKey() const;
  bool MemoryCoversLife(const AckIn& ack) const;

  // ---- both
  // Last instant at which the outcome of the record may still change.
  // CMB-LATE-019.
  Instant WindowEnd() const {
    return record.ended + record.message.reconcile_window.value_or(core.config_.reconcile_window);
  }
  void Report(AnomalyKind kind, const AckIn& ack);
  void Emit(Event event) { effects.push_back(EmitEvent{std::move(event)}); }
  MessageKey Key() const { return {core.self_, record.message.id}; }
  TimerTable& timers() { return core.timers_; }
  static bool IsEnded(State state);
  static Cause CauseOf(const AckIn& ack);
};

// True if the ACK could only be said after the handler had started.
bool AttestsStart(const AckIn& ack);

}  // namespace cmb::lifecycle
