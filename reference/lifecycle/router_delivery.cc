// The hop to the target: forwards, redeliveries, and the end of the delivery
// phase. Spec: chapters router and timers.
#include <algorithm>
#include <utility>

#include "reference/lifecycle/check.h"
#include "reference/lifecycle/router_step.h"

namespace cmb::lifecycle {

Duration PhaseLength(const DeliveryPolicy& policy) {
  const Duration::rep ms = policy.delivery_ack.count();
  return Duration{ms / 10 * 9 + ms % 10 * 9 / 10};
}

void RouterStep::ExtendLife(Instant end) {
  // Chapter 7.3: of several copies the later end counts.
  record.expires = std::max(record.expires, end);
  timers().Arm(record.key, TimerKind::kTtl, record.expires);
}

// CMB-DLQ-009.
void RouterStep::BeginForwarding() {
  if (!record.forwarded) {
    record.forwarded = now;
  }
  timers().Arm(record.key, TimerKind::kTtl, record.expires);
  StartPhase();
  record.delivery_count = 1;
  PlanNextForward();
}

void RouterStep::StartPhase() {
  record.forwarding = true;
  record.delivery_count = 0;
  record.redelivery = 0;
  timers().Arm(record.key, TimerKind::kDeliveryPhase, now + PhaseLength(record.policy));
  ArmExpiry();
}

// CMB-RTR-026; CMB-RTR-036 where no redelivery is pending.
void RouterStep::CountAnew() {
  if (!timers().DeadlineOf(record.key, TimerKind::kRedelivery)) {
    StartPhase();
    Forward();
    return;
  }
  record.delivery_count = 0;
  // The pending redelivery keeps its instant, its turn at that instant and its place in the
  // backoff.
  timers().Arm(record.key, TimerKind::kDeliveryPhase, now + PhaseLength(record.policy));
}

// CMB-TMR-006, CMB-TMR-007.
void RouterStep::Forward() {
  const Duration life = record.expires - now;
  if (life <= Duration{0}) {
    return;  // Nothing is forwarded at 0; the TTL timer is due.
  }
  ++record.delivery_count;
  effects.push_back(ForwardMessage{record.key, record.target, record.channel, record.attempt, life,
                                   record.delivery_count, record.parcel});
  PlanNextForward();
}

// CMB-RTR-010, CMB-RTR-035: after the last forward only the phase runs on (CMB-RTR-012).
void RouterStep::PlanNextForward() {
  Check(record.forwarding, "a forward belongs to a delivery phase");
  if (record.delivery_count >= core.config_.max_deliveries) {
    return;
  }
  ++record.redelivery;
  record.wait = NextBackoff(record.policy, record.redelivery, core.jitter_);
  timers().Arm(record.key, TimerKind::kRedelivery, now + record.wait);
}

// CMB-RTR-029, CMB-RTR-041: no timer is left that could forward it.
void RouterStep::StopPhase() {
  record.forwarding = false;
  timers().DisarmProtocol(record.key);
  Remember(now);  // After a restart its time may be over.
  ArmExpiry();
}

// CMB-OBS-006.
void RouterStep::OnRedelivery() {
  if (record.expires <= now) {
    return;  // A clock that ran late, or a restart: the TTL timer is due as well.
  }
  const auto phase_ends = timers().DeadlineOf(record.key, TimerKind::kDeliveryPhase);
  if (phase_ends && *phase_ends <= now) {  // A store may hold the one timer without the other.
    return;  // At the instant at which the phase ends nothing is forwarded.
  }
  const Duration waited = record.wait;
  record.last_retry = now;
  Forward();
  RetryEvent event;
  event.role = Role::kRouter;
  event.key = record.key;
  event.target = record.target;
  event.reason = Reason::kReceipt;  // What did not come.
  event.attempt = record.attempt;
  event.delivery_count = record.delivery_count;
  event.backoff = waited;
  event.at = now;
  Emit(std::move(event));
}

void RouterStep::OnPhaseEnd() { GiveUp(Reason::kDeliveryPhaseEnded, ErrorCode::kAckTimeout); }

void RouterStep::OnTtlEnd() { GiveUp(Reason::kTtlExpired, ErrorCode::kTtlExpired); }

// CMB-RTR-012, CMB-RTR-013, CMB-DLQ-003.
void RouterStep::GiveUp(Reason reason, ErrorCode code, const std::string& note) {
  StopPhase();
  // In DELIVERED an earlier copy arrived: the sender hears of this one's end,
  // but the message is no dead letter.
  if (record.state == State::kForwarding) {
    Enter(State::kDeadLettered, reason, code, note);
    CloseAttempts(record.attempt);
  }
  Send(AckType::kTimeout, Status::kFailure, record.attempt, code, note);
}

// CMB-DUR-018.
Effects Router::LoseChannel(const MessageKey& key, Instant now) {
  Effects effects;
  RouterRecord& record = records_.at(key);
  if (record.forwarding) {
    RouterStep{*this, record, now, effects}.GiveUp(
        Reason::kDeliveryPhaseEnded, ErrorCode::kChannelMismatch,
        "its channel " + record.channel.str() + " is configured no more");
  }
  return effects;
}

void RouterStep::OnTimer(TimerKind kind) {
  switch (kind) {
    case TimerKind::kRedelivery:
      OnRedelivery();
      return;
    case TimerKind::kDeliveryPhase:
      OnPhaseEnd();
      return;
    case TimerKind::kTtl:
      OnTtlEnd();
      return;
    case TimerKind::kUnspecified:
    case TimerKind::kRouterAck:
    case TimerKind::kDeliveryAck:
    case TimerKind::kExecution:
    case TimerKind::kBackoff:
    case TimerKind::kHandler:
    case TimerKind::kCancel:
    case TimerKind::kReconcile:
    case TimerKind::kRecordExpiry:
    case TimerKind::kHeartbeat:
      Check(false, "a router's record has only a router's timers");
  }
}

}  // namespace cmb::lifecycle
