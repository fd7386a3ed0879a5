// The changes a router's record can undergo.
#include "reference/lifecycle/router_step.h"

#include <algorithm>

#include "reference/lifecycle/anomaly.h"
#include "reference/lifecycle/check.h"

namespace cmb::lifecycle {

// CMB-OBS-001, CMB-OBS-002, CMB-OBS-012; the first state is set without it: CMB-OBS-003.
void RouterStep::Enter(State state, Reason reason, ErrorCode code, const std::string& note) {
  Check(state != record.state && exists(), "a transition changes the state of a record");
  TransitionEvent event;
  event.role = Role::kRouter;
  event.key = record.key;
  event.target = record.target;
  event.channel = record.channel;
  event.old_state = record.state;
  event.new_state = state;
  event.reason = reason;
  event.at = now;
  event.attempt = record.attempt;
  event.retry_count = RetriesOf(record.attempt);
  event.code = code;
  event.note = note;
  SetState(state);
  record.reason = reason;
  record.code = code;
  record.note = note;
  Emit(std::move(event));
}

void RouterStep::SetState(State state) {
  core.CountOut(record);
  if (!exists()) {
    record.created = now;  // A mark that was there is none of it.
  }
  record.state = state;
  record.changed = now;
  record.dead_letter = state == State::kDeadLettered;
  core.CountIn(record);
  Remember(now + 2 * core.config_.max_latency);  // CMB-RTR-025: DELIVERED is an end of its own.
  ArmExpiry();
}

void RouterStep::CloseAttempts(Attempt attempt) {
  core.CountOut(record);  // A bare mark takes room.
  record.closed = std::max(record.closed, attempt);
  core.CountIn(record);
}

void RouterStep::Remember(Instant until) {
  record.remember_until = std::max(record.remember_until, until);
}

void RouterStep::RememberLife(Duration ttl) {
  Remember(now + ttl + 2 * core.config_.max_latency);
  ArmExpiry();
}

void RouterStep::ArmExpiry() {
  if (!is_held()) {
    return;  // A mark expires in its table.
  }
  // Re-forwarding too: over a restart the end of the life comes first (CMB-DUR-002).
  if (record.state == State::kForwarding || record.forwarding) {
    timers().Disarm(record.key, TimerKind::kRecordExpiry);
    return;
  }
  // CMB-DLQ-002: somebody has to deal with a dead letter first, or nobody in time.
  const Instant end =
      core.KeepsLetter(record) ? record.changed + core.config_.dead_letter : record.remember_until;
  // Housekeeping runs before the frames of its instant, so it comes one
  // millisecond after the last instant at which the record must be known.
  timers().Arm(record.key, TimerKind::kRecordExpiry, end + Duration{1});
}

// CMB-RTR-021: the router's own ROUTER_ACK, DELIVERY_ACK and TIMEOUT, never a target's words.
void RouterStep::Send(AckType type, Status status, Attempt attempt, ErrorCode code,
                      const std::string& note) {
  SendAck send{.to = record.key.source, .ack = {}, .parcel = {}};
  send.ack.type = type;
  send.ack.status = status;
  send.ack.correlation_id = record.key.id;
  send.ack.attempt = attempt;
  send.ack.code = code;
  send.ack.note = note;
  if (code == ErrorCode::kUnsupportedVersion) {
    send.ack.supported_versions = core.config_.versions;  // CMB-VER-007.
  }
  effects.push_back(std::move(send));
}

void RouterStep::Report(AnomalyKind kind, const AckIn& ack) {
  Emit(AckAnomaly(kind, Role::kRouter, ack, now));
}

void RouterStep::Report(AnomalyKind kind, const MessageIn& message) {
  AnomalyEvent event;
  event.kind = kind;
  event.role = Role::kRouter;
  event.id = message.id;
  event.peer = message.source;
  event.attempt = message.attempt;
  event.at = now;
  Emit(std::move(event));
}

}  // namespace cmb::lifecycle
