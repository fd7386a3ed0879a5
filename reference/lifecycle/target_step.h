// One call of the Target core at work on one work. Private to the core; made
// anew for each call.
#pragma once

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
  void OnCopy(const MessageIn& message);  // Attached before, or attached by this copy.
  bool Reopens(const MessageIn& message, Attempt highest_before) const;
  void Offer(const MessageIn& message);
  void SendReceipt(const MessageIn& message);

  // ---- target_work.cc
  void OnHandlerStarted();
  void OnHandlerEnded(const HandlerEnd& end);
  void OnTtlEnd();  // Work was offered and may not start any more.
  void EndLife();
  void End(State state, Reason reason, AckOut answer, const ParcelRef& parcel);
  void Answer(const MessageId& id, Attempt attempt);
  void Enter(State state, Reason reason);
  bool IsEnded() const;
  bool LifeIsOver() const { return now >= work.expires; }

  // The record is known at least until then.
  void Remember(Instant until);
  void RememberCopy(Duration ttl);
  void ArmExpiry();
  void Emit(Event event) { effects.push_back(EmitEvent{std::move(event)}); }
  TimerTable& timers() { return core.timers_; }
};

}  // namespace cmb::lifecycle
