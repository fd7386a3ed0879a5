// One call of the Router core at work on one record. Private to the core; made
// anew for each call.
#pragma once

#include <optional>
#include <utility>

#include "reference/lifecycle/router.h"

namespace cmb::lifecycle {

// Why a new message is not taken.
struct Refusal {
  ErrorCode code = ErrorCode::kUnspecified;
  std::string note;
};

struct RouterStep {
  Router& core;
  RouterRecord& record;
  const Instant now;
  Effects& effects;

  // ---- router_messages.cc: copies from the sender
  void OnMessage(const MessageIn& message);
  bool IsForAnother(const MessageIn& message) const;
  void OnCopy(const MessageIn& message);
  void TryToAccept(const MessageIn& message);  // New, or refused before.
  std::optional<Refusal> FindFault(const MessageIn& message) const;
  void TryToForward(Attempt attempt);
  void OnFirstForward(ForwardResult result);
  void NotForwarded(ErrorCode code, const std::string& note);
  void Reject(const MessageIn& message, ErrorCode code, const std::string& note);
  void RejectAttempt(ErrorCode code, const std::string& note);
  void Adopt(const MessageIn& message);
  void TakeFrames(const MessageIn& message);
  void SendRouterAck(Attempt attempt, Status status, ErrorCode code, const std::string& note);

  // ---- router_dead_letters.cc
  void TryToRedrive(const RouterRecord& letter, const ParcelRef& parcel);  // This is the new one.
  bool IsRedrive() const { return !record.redrive_of.empty(); }
  void EndRedrive(ErrorCode code, const std::string& note);
  void DropLetter();  // It is a dead letter no more; the record lives on for a while.

  // ---- router_delivery.cc: the hop to the target, and its timers
  void ExtendLife(Instant end);  // Never shortens it.
  void BeginForwarding();        // The first forward was handed over.
  void StartPhase();
  void CountAnew();
  void Forward();
  void PlanNextForward();
  void StopPhase();
  void OnRedelivery();
  void OnPhaseEnd();
  void OnTtlEnd();
  void GiveUp(Reason reason, ErrorCode code, const std::string& note = {});
  void OnTimer(TimerKind kind);

  // ---- router_acks.cc
  void OnAck(const AckIn& ack);
  bool IsAuthorised(const AckIn& ack) const;
  bool IsDuplicate(const AckIn& ack);
  void OnReceipt(const AckIn& ack);
  void OnTargetAck(const AckIn& ack);  // Not terminal, or of no known kind.
  void OnTerminal(const AckIn& ack);
  void OnCancel(const AckIn& ack);
  void OnSenderTimeout(const AckIn& ack);
  bool IsOfAnother() const;
  // Attempts up to it are closed, known or not yet. False: there is no room for a mark.
  bool LeaveMark(Attempt attempt);
  void ReportMark(bool was_left, const AckIn& ack);
  // True if the ACK tells the target has the message and the sender was not
  // told yet: then DELIVERY_ACK is sent, and the phase ends.
  bool ImpliesDelivery(const AckIn& ack) const;
  void ConfirmDelivery(const AckIn& ack);
  void PassOn(const AckIn& ack, const ModuleId& to);

  // ---- router_step.cc
  void Enter(State state, Reason reason, ErrorCode code, const std::string& note);
  void SetState(State state);  // Keeps the counts.
  void CloseAttempts(Attempt attempt);
  // The record is known at least until then.
  void Remember(Instant until);
  void RememberLife(Duration ttl);  // A copy with this life came in.
  void ArmExpiry();
  void Report(AnomalyKind kind, const AckIn& ack);
  void Report(AnomalyKind kind, const MessageIn& message);
  void Send(AckType type, Status status, Attempt attempt, ErrorCode code, const std::string& note);
  void Emit(Event event) { effects.push_back(EmitEvent{std::move(event)}); }
  TimerTable& timers() { return core.timers_; }
  bool exists() const { return record.state != State::kUnspecified; }
  bool is_held() const { return exists() && record.state != State::kRejected; }
};

// The router speaks before the sender's delivery timer runs out: floor(0.9 of
// it), reckoned in whole numbers.
Duration PhaseLength(const DeliveryPolicy& policy);

RecordView RouterView(const RouterRecord& record);

// A refusal, or a bare closed mark.
inline bool IsMark(const RouterRecord& record) {
  return record.state == State::kRejected ||
         (record.state == State::kUnspecified && record.closed > 0);
}

// The first check of the spec that a new message fails, but for room and route.
std::optional<Refusal> Validate(const RouterConfig& config, const MessageIn& message);

}  // namespace cmb::lifecycle
