// One call of the Target core at work on one work. Private to the core; made
// anew for each call.
#pragma once

#include <set>
#include <utility>

#include "reference/lifecycle/target.h"

namespace cmb::lifecycle {

struct TargetStep {
  Target& core;
  Work& work;
  const Instant now;
  Effects& effects;

  // ---- target_messages.cc
  void OnFirstCopy(const MessageIn& message);
  void OnCopy(const MessageIn& message);
  void OnAttached(const MessageIn& message);  // By this copy.
  static bool Reopens(const Work& work, const MessageIn& message);
  void OnCancelledBefore(const MessageIn& message);  // Its CANCEL overtook it.
  Instant LastLife() const;
  void Come(const MessageIn& message);
  void OnForgotten();
  void Offer(const MessageIn& message);
  OfferWork OfferOf(bool again) const {
    return {work.name, work.key.key, work.offered_attempt, work.parcel, work.arrived, again};
  }
  void OnTurn();  // The works of its stream that came before have ended.
  void SendReceipt(const MessageId& id, Attempt attempt, const RouterName& via);

  // ---- target_stages.cc
  void OnHandlerHeld(Duration hold);
  void OnHandlerStarted(const HandlerStart& start);
  void OnHandlerProgress(const HandlerProgress& progress);
  void SayStage(AckOut stage);  // To every attached message.
  void AnswerStage(const MessageId& id, Attempt attempt, const std::set<RouterName>& via);
  void SayAgainThatItRuns();

  // ---- target_cancel.cc
  void OnCancel(const AckIn& cancel);
  void OnHandlerStopped();
  void EndCancelled(bool started);
  AckOut Cancelled(bool started) const;

  // ---- target_restore.cc
  void Restore();
  void TellUntold();
  void OfferAgain();
  void OnTurnAgain();

  // ---- target_work.cc
  void OnHandlerEnded(const HandlerEnd& end);
  void OnTtlEnd();
  void EndLife();
  void PassNumber();  // It starts, or will not: nobody waits for a lower one any more.
  void End(State state, Reason reason, AckOut answer, const ParcelRef& parcel);
  // The terminal ACK, through these routers.
  void Answer(const MessageId& id, Attempt attempt, const std::set<RouterName>& via);
  void AnswerUnasked(const MessageId& id);  // Through every router by which it came.
  void Say(const AckOut& ack, const ParcelRef& parcel, const MessageId& id, Attempt attempt,
           const std::set<RouterName>& via);
  void Enter(State state, Reason reason);
  bool IsEnded() const;
  bool LifeIsOver() const { return now >= work.expires; }
  // CMB-TGT-009: else neither a stage nor an answer to a CANCEL is said.
  bool IsTracked() const { return lifecycle::IsTracked(core.config_.profile); }
  bool IsDurable() const { return core.config_.profile == Profile::kDurable; }
  // CMB-TGT-012.
  std::uint64_t AgeOfMemory() const {
    return static_cast<std::uint64_t>((now - core.config_.began).count());
  }
  // Stands in a line: one work of the stream at a time (CMB-ORD-002).
  bool IsOrdered() const { return !work.stream.empty(); }

  // The record is known at least until then.
  void Remember(Instant until);
  void RememberCopy(Duration ttl);
  void ArmExpiry();
  void Emit(Event event) { effects.push_back(EmitEvent{std::move(event)}); }
  TimerTable& timers() { return core.timers_; }
};

}  // namespace cmb::lifecycle
