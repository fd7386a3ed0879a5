// Copies of a message, as they come from its sender: acceptance, refusal, and
// what a re-send means. Spec: chapter router.
#include <algorithm>

#include "reference/lifecycle/check.h"
#include "reference/lifecycle/policy.h"
#include "reference/lifecycle/router_step.h"

namespace cmb::lifecycle {

// CMB-RTR-003: the first check that fails decides. CMB-RTR-005, CMB-SEC-010.
std::optional<Refusal> Validate(const RouterConfig& config, const MessageIn& message) {
  const auto& versions = config.versions;
  if (std::find(versions.begin(), versions.end(), message.schema_version) == versions.end()) {
    return Refusal{ErrorCode::kUnsupportedVersion, "schema_version is not supported"};
  }
  if (!message.knows_critical) {  // CMB-VER-013.
    return Refusal{ErrorCode::kUnsupportedVersion, "it needs an extension that is not known"};
  }
  if (message.msg_type != MsgType::kMessage) {
    return Refusal{ErrorCode::kUnsupportedMessageType, "msg_type is not supported"};
  }
  if (!message.ids_valid) {
    return Refusal{ErrorCode::kValidationError, "an id is too long, empty or not allowed"};
  }
  if (message.targets.size() != 1 || message.targets.front().empty()) {
    return Refusal{ErrorCode::kValidationError, "targets must hold exactly one module id"};
  }
  if (message.attempt == 0) {
    return Refusal{ErrorCode::kValidationError, "attempt counts from 1"};
  }
  if (message.ttl <= Duration{0}) {
    return Refusal{ErrorCode::kTtlExpired, "no life is left"};
  }
  if (message.ttl > config.max_ttl) {
    return Refusal{ErrorCode::kValidationError, "ttl_ms is above the maximum"};
  }
  if (message.metadata_pairs > config.metadata_pairs) {
    return Refusal{ErrorCode::kValidationError, "there are too many pairs of metadata"};
  }
  if (message.payload_bytes > config.payload_bytes) {
    return Refusal{ErrorCode::kOversizePayload, "the payload is too large"};
  }
  if (message.channel != message.came_on) {
    return Refusal{ErrorCode::kChannelMismatch, "the header names another channel"};
  }
  return std::nullopt;
}

// CMB-RTR-004: the record comes before every check. CMB-RTR-018.
void RouterStep::OnMessage(const MessageIn& message) {
  if (IsForAnother(message)) {
    Report(AnomalyKind::kChannelMismatch, message);
    return;
  }
  const Duration life = std::min(message.ttl, core.config_.max_ttl);
  if (is_held()) {
    RememberLife(life);  // CMB-RTR-025: of every copy that came.
  }
  if (AttemptOf(message) <= record.closed) {
    Report(AnomalyKind::kClosedAttempt, message);
    return;
  }
  if (!is_held()) {  // CMB-RTR-040: judged afresh.
    TryToAccept(message);
    return;
  }
  if (record.state == State::kCancelled) {
    Report(AnomalyKind::kClosedAttempt, message);
    return;
  }
  // What is held is never checked again, and never refused.
  OnCopy(message);
}

// CMB-ORD-001: what is forwarded at all first leaves in the very call that brought it.
// CMB-RTR-031. What was refused is judged afresh, its target too.
bool RouterStep::IsForAnother(const MessageIn& message) const {
  return is_held() && message.targets != std::vector<ModuleId>{record.target};
}

// CMB-RTR-006, CMB-DLQ-012.
std::optional<Refusal> RouterStep::FindFault(const MessageIn& message) const {
  if (std::optional<Refusal> refusal = Validate(core.config_, message)) {
    return refusal;
  }
  const ModuleId& source = record.key.source;
  if (!core.rooms_.InQueue(message.targets.front(), source)) {
    return Refusal{ErrorCode::kBufferFull, "the target's queue has no room for this source"};
  }
  if (!core.rooms_.ForLetter(source)) {
    return Refusal{ErrorCode::kBufferFull, "there are too many dead letters of this source"};
  }
  if (!core.rooms_.ForRecord(source)) {
    return Refusal{ErrorCode::kBufferFull, "the router's table has no room for this source"};
  }
  return std::nullopt;
}

void RouterStep::TryToAccept(const MessageIn& message) {
  if (const std::optional<Refusal> refusal = FindFault(message)) {
    Reject(message, refusal->code, refusal->note);
    return;
  }
  record.target = message.targets.front();
  TakeFrames(message);
  TryToForward(AttemptOf(message));
}

// A route cannot be asked for, only tried: OnFirstForward decides.
void RouterStep::TryToForward(Attempt attempt) {
  record.trying = attempt;
  record.expires = now + record.ttl;
  effects.push_back(ForwardMessage{record.key, record.target, record.channel, attempt, record.ttl,
                                   1, record.parcel});
}

// CMB-RTR-001, CMB-RTR-002. A redrive is like any other, but for who is told.
void RouterStep::OnFirstForward(ForwardResult result) {
  record.attempt = std::exchange(record.trying, 0);
  switch (result) {
    case ForwardResult::kNoRoute:
      NotForwarded(ErrorCode::kNoRoute, "the target is not connected");
      return;
    case ForwardResult::kBufferFull:
      NotForwarded(ErrorCode::kBufferFull, "the queue of the target's connection is full");
      return;
    case ForwardResult::kHandedOver:
      break;
  }
  if (exists()) {
    Enter(State::kForwarding, Reason::kResend, ErrorCode::kUnspecified, {});
  } else {
    SetState(State::kForwarding);
  }
  RememberLife(record.expires - now);
  BeginForwarding();
  if (IsRedrive()) {
    EndRedrive(ErrorCode::kUnspecified, {});
  } else {
    SendRouterAck(record.attempt, Status::kSuccess, ErrorCode::kUnspecified, {});
  }
}

void RouterStep::NotForwarded(ErrorCode code, const std::string& note) {
  if (IsRedrive()) {
    EndRedrive(code, note);
  } else {
    RejectAttempt(code, note);
  }
}

void RouterStep::Reject(const MessageIn& message, ErrorCode code, const std::string& note) {
  record.attempt = AttemptOf(message);
  record.target = message.targets.empty() ? ModuleId() : message.targets.front();
  record.channel = message.came_on;
  RejectAttempt(code, note);
}

// CMB-RTR-030, CMB-RTR-032, CMB-RTR-033.
void RouterStep::RejectAttempt(ErrorCode code, const std::string& note) {
  if (!IsMark(record) && !core.rooms_.ForMark(record.key.source)) {
    Send(AckType::kTimeout, Status::kFailure, record.attempt, ErrorCode::kBufferFull,
         "there is no room to remember a refusal");
    return;
  }
  if (record.attempt == record.refused_through + 1) {
    record.refused_through = record.attempt;
  }
  record.code = code;
  record.note = note;
  SetState(State::kRejected);
  CloseAttempts(record.attempt);
  SendRouterAck(record.attempt, Status::kRejected, code, note);
}

void RouterStep::Adopt(const MessageIn& message) {
  record.attempt = AttemptOf(message);
  TakeFrames(message);
}

// Also the channel: a sender may have changed it (CMB-FBK-001).
void RouterStep::TakeFrames(const MessageIn& message) {
  record.channel = message.came_on;
  record.idempotency_key = message.key.empty() ? IdempotencyKey(message.id.str()) : message.key;
  record.policy = WithinBounds(message.policy);
  record.parcel = message.parcel;
  if (message.ttl > Duration{0}) {  // Else nothing could be redriven with it: CMB-TMR-007.
    record.ttl = message.ttl;
  }
  record.payload_bytes = message.payload_bytes;
}

// CMB-RTR-016, CMB-RTR-017, CMB-RTR-019, CMB-RTR-026, CMB-RTR-027, CMB-RTR-028.
void RouterStep::OnCopy(const MessageIn& message) {
  const bool higher = AttemptOf(message) > record.attempt;
  if (higher) {
    Adopt(message);
  }
  const Instant end_of_life = now + std::min(message.ttl, core.config_.max_ttl);
  switch (record.state) {
    case State::kForwarding:
      if (higher) {
        ExtendLife(end_of_life);
        CountAnew();
      }
      break;
    case State::kDelivered:
      if (higher) {
        ExtendLife(end_of_life);
        StartPhase();
        Forward();
      }
      break;
    case State::kDeadLettered:
      Check(higher, "attempts up to the current one of a dead letter are closed");
      Enter(State::kForwarding, Reason::kResend, ErrorCode::kUnspecified, {});
      ExtendLife(end_of_life);
      StartPhase();
      Forward();
      break;
    case State::kSettled:
      break;
    case State::kUnspecified:
    case State::kIdle:
    case State::kSendPending:
    case State::kRouted:
    case State::kExecuting:
    case State::kCompletedSuccess:
    case State::kCompletedFailure:
    case State::kTimeoutAbort:
    case State::kRejected:
    case State::kCancelled:
    case State::kReceived:
    case State::kSucceeded:
    case State::kFailed:
      Check(false, "a copy is held in FORWARDING, DELIVERED, SETTLED or DEAD_LETTERED");
  }
  SendRouterAck(AttemptOf(message), Status::kSuccess, ErrorCode::kUnspecified, {});
  if (record.state == State::kSettled) {
    PassOn(record.terminal, record.key.source);
  }
}

void RouterStep::SendRouterAck(Attempt attempt, Status status, ErrorCode code,
                               const std::string& note) {
  Send(AckType::kRouterAck, status, attempt, code, note);
}

}  // namespace cmb::lifecycle
