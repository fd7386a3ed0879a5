// What a core asks its shell to do, in order. Effects are values: a test prints
// and compares them, the shell carries them out one after another and adds
// nothing of its own. Spec: every chapter; events in chapter observability.
//
// Threads: values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reference/lifecycle/types.h"
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

// ---------------------------------------------------------------- frames

// Sender: put a MESSAGE on its channel, with this attempt and ttl_ms in the
// header that `parcel` holds.
struct SendMessage {
  MessageId id;
  ModuleId target;
  ChannelName channel;
  Attempt attempt = 0;
  Duration ttl{0};
  ParcelRef parcel;
};

// The contents of an ACK that the core's own module is the author of.
struct AckOut {
  AckType type = AckType::kUnspecified;
  Status status = Status::kUnspecified;
  MessageId correlation_id;
  Attempt attempt = 0;
  ErrorCode code = ErrorCode::kUnspecified;
  std::string note;
  bool retryable = false;
  std::uint64_t progress_number = 0;
  std::optional<std::uint32_t> percent;
  std::optional<std::uint64_t> done_count;
  std::optional<std::uint64_t> total_count;
  std::optional<Duration> eta;
  std::optional<Duration> hold;
  std::optional<bool> started;
  std::optional<std::uint64_t> memory_ms;
  bool never_forwarded = false;
  std::vector<std::uint32_t> supported_versions;
};

// Send an ACK whose header.source is the own module and whose targets is `to`, where the table of
// the machine says so (CMB-WIRE-019). Endpoints put it on the ACK ingress, a router on its ACK
// egress. `to` is the message's source for RECEIPT and EXECUTION_ACK, @router for a sender's
// TIMEOUT, the message's target for a CANCEL.
struct SendAck {
  ModuleId to;
  AckOut ack;
  ParcelRef parcel;     // Payload of diagnostics, as HandlerEnded brought it. Null: empty payload.
  RouterName via = {};  // Endpoints: to which router. A router leaves it empty.
};

// Router: hand a MESSAGE to its `target` (CMB-WIRE-020) on the channel it came by. The header is
// that of `parcel` with ttl_ms replaced by `ttl` (unchanged: byte for byte).
// The shell calls Router::OnForwardResult at once with what came of it, before
// it carries out the next effect.
struct ForwardMessage {
  MessageKey key;
  ModuleId target;
  ChannelName channel;
  Attempt attempt = 0;
  Duration ttl{0};
  std::uint32_t delivery_count = 0;  // Forwards of this delivery phase, this one included.
  ParcelRef parcel;
};

// Router: pass an ACK on to `to`, its targets[0] (CMB-WIRE-020), over the ACK egress, untouched.
struct ForwardAck {
  ModuleId to;
  MessageId correlation_id;
  AckType type = AckType::kUnspecified;
  Status status = Status::kUnspecified;
  Attempt attempt = 0;
  ParcelRef parcel;
};

// Router: a Redrive has ended, at once or by the result of its first forward.
// The shell answers the module that asked.
struct RedriveEnded {
  MessageKey key;    // The dead letter.
  MessageId new_id;  // What it is sent as. Not used if `code` says why not.
  ErrorCode code = ErrorCode::kUnspecified;
  std::string note;
};

// ---------------------------------------------------------------- handler

// Target: work is accepted. The shell tells the application, and calls
// OnHandlerStarted when its handler starts (at once, if nothing holds it back)
// and OnHandlerEnded when it ends; a refusal is an end without a start.
struct OfferWork {
  MessageKey key;  // Names the work in OnHandler… calls: the first message_id of it.
  IdempotencyKey idempotency_key;
  Attempt attempt = 0;
  ParcelRef parcel;
  // When the copy came that made or last reopened the record: before now where
  // the work waited for its turn in a stream, or for a restart.
  Instant arrived;
  bool again = false;  // After a restart: an earlier process was offered it, and did not start.
};

// Target: a CANCEL came for work whose handler runs. The shell tells the
// application, which may stop (OnHandlerStopped) or go on (OnHandlerEnded).
struct CancelWork {
  MessageKey key;
};

// Target: the life of work ended whose handler runs: nobody waits for its result
// any more. The shell tells the application, which ends as it sees fit.
struct TellLifeEnded {
  MessageKey key;
};

// Target: the process restarted under work that its handler had declared
// resumable. The shell lets the application go on with it; it counts as started,
// so that OnHandlerStarted is not called again.
struct ResumeWork {
  MessageKey key;
  IdempotencyKey idempotency_key;
  Attempt attempt = 0;
  ParcelRef parcel;
  Instant arrived;
};

// Target: the work will not start any more or shall stop; the shell drops
// whatever it planned for it and calls no OnHandler… for it again.
struct DropWork {
  MessageKey key;
};

// ---------------------------------------------------------------- events

// Exactly one for every change of a record's state.
struct TransitionEvent {
  Role role = Role::kUnspecified;
  MessageKey key;
  ModuleId target;
  ChannelName channel;
  State old_state = State::kUnspecified;
  State new_state = State::kUnspecified;
  Reason reason = Reason::kUnspecified;
  Instant at;
  Attempt attempt = 0;
  std::uint32_t retry_count = 0;
  Certainty certainty = Certainty::kUnspecified;  // Of terminal sender states.
  std::vector<AckType> skipped;
  ErrorCode code = ErrorCode::kUnspecified;
  std::string note;
};

// A sender will send again, a router will forward again, after `backoff`.
struct RetryEvent {
  Role role = Role::kUnspecified;
  MessageKey key;
  ModuleId target;
  Reason reason = Reason::kUnspecified;
  Attempt attempt = 0;               // Sender: the attempt to come. Router: the one in hand.
  std::uint32_t delivery_count = 0;  // Router: forwards so far.
  Duration backoff{0};
  Instant at;
};

// A PROGRESS_ACK that counted, or an IN_PROGRESS while already EXECUTING.
struct ProgressEvent {
  Role role = Role::kUnspecified;
  MessageKey key;
  ModuleId target;
  std::uint64_t progress_number = 0;
  std::optional<std::uint32_t> percent;
  Instant at;
};

// Something arrived that changed no state.
struct AnomalyEvent {
  AnomalyKind kind = AnomalyKind::kUnspecified;
  Role role = Role::kUnspecified;
  MessageId id;
  ModuleId peer;
  AckType type = AckType::kUnspecified;  // Unspecified: a MESSAGE, or unreadable.
  Status status = Status::kUnspecified;
  Attempt attempt = 0;
  Instant at;
  std::string note;
};

struct AlertEvent {
  AlertState state = AlertState::kUnspecified;
  MessageKey key;  // alert_id is key.id.
  ModuleId target;
  ChannelName channel;
  ErrorCode code = ErrorCode::kUnspecified;
  Reason reason = Reason::kUnspecified;
  std::string text;
  Instant at;
};

// A handler started: once for each work while its record lives.
struct ExecutionEvent {
  MessageKey key;
  ModuleId target;
  IdempotencyKey idempotency_key;
  Attempt attempt = 0;
  Instant at;
};

using Event = std::variant<TransitionEvent, RetryEvent, ProgressEvent, AnomalyEvent, AlertEvent,
                           ExecutionEvent>;

// Give the event to the sink; the shell adds number and wall time.
struct EmitEvent {
  Event event;
};

using Effect = std::variant<SendMessage, SendAck, ForwardMessage, ForwardAck, OfferWork, DropWork,
                            RedriveEnded, CancelWork, TellLifeEnded, ResumeWork, EmitEvent>;
using Effects = std::vector<Effect>;

// One line, the same for equal values, parcels left out:
//   send MESSAGE m1 attempt=2 ttl=298000 on main to target
//   ack ROUTER_ACK/SUCCESS m1 attempt=1 to sender
//   event [m1] SEND_PENDING -> ROUTED (ROUTER_ACK)
std::string ToText(const Event& event);
std::string ToText(const Effect& effect);
// All of them, one a line, each ended by a newline.
std::string ToText(const Effects& effects);

}  // namespace cmb::lifecycle
