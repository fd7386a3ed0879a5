#include "reference/shell/to_wire.h"

#include "reference/shell/ack_fields.h"

namespace cmb::reference {
namespace {

// The cores speak the numbers of the schemas (CMB-VER-010); one of each list stands for all, the
// largest, which no insertion in the middle leaves in its place.
static_assert(static_cast<int>(lifecycle::MsgType::kReply) == ack::v1::MSG_TYPE_REPLY);
static_assert(static_cast<int>(lifecycle::AckType::kReceipt) == ack::v1::ACK_TYPE_RECEIPT);
static_assert(static_cast<int>(lifecycle::Status::kInProgress) == ack::v1::STATUS_IN_PROGRESS);
static_assert(static_cast<int>(lifecycle::ErrorCode::kOverloaded) ==
              ack::v1::ERROR_CODE_OVERLOADED);
static_assert(static_cast<int>(lifecycle::ErrorCode::kMalformed) == ack::v1::ERROR_CODE_MALFORMED);
static_assert(static_cast<int>(lifecycle::Role::kTarget) == ack::v1::ROLE_TARGET);
static_assert(static_cast<int>(lifecycle::State::kTimeoutAbort) == ack::v1::STATE_TIMEOUT_ABORT);
static_assert(static_cast<int>(lifecycle::State::kCancelled) == ack::v1::STATE_CANCELLED);
static_assert(static_cast<int>(lifecycle::State::kFailed) == ack::v1::STATE_FAILED);
static_assert(static_cast<int>(lifecycle::Reason::kInterrupted) == ack::v1::REASON_INTERRUPTED);
static_assert(static_cast<int>(lifecycle::Certainty::kNotExecuted) ==
              ack::v1::CERTAINTY_NOT_EXECUTED);
static_assert(static_cast<int>(lifecycle::AnomalyKind::kUnknownType) ==
              ack::v1::ANOMALY_KIND_UNKNOWN_TYPE);
static_assert(static_cast<int>(lifecycle::TimerKind::kHandler) == ack::v1::TIMER_KIND_HANDLER);
static_assert(static_cast<int>(lifecycle::TimerKind::kHeartbeat) == ack::v1::TIMER_KIND_HEARTBEAT);
static_assert(static_cast<int>(lifecycle::AlertState::kResolved) == ack::v1::ALERT_STATE_RESOLVED);

ack::v1::AckType W(lifecycle::AckType v) { return static_cast<ack::v1::AckType>(v); }
ack::v1::Status W(lifecycle::Status v) { return static_cast<ack::v1::Status>(v); }
ack::v1::ErrorCode W(lifecycle::ErrorCode v) { return static_cast<ack::v1::ErrorCode>(v); }
ack::v1::Role W(lifecycle::Role v) { return static_cast<ack::v1::Role>(v); }
ack::v1::State W(lifecycle::State v) { return static_cast<ack::v1::State>(v); }
ack::v1::Reason W(lifecycle::Reason v) { return static_cast<ack::v1::Reason>(v); }
ack::v1::Certainty W(lifecycle::Certainty v) { return static_cast<ack::v1::Certainty>(v); }
ack::v1::AnomalyKind W(lifecycle::AnomalyKind v) { return static_cast<ack::v1::AnomalyKind>(v); }
ack::v1::AlertState W(lifecycle::AlertState v) { return static_cast<ack::v1::AlertState>(v); }

std::uint64_t Ms(lifecycle::Instant at) { return static_cast<std::uint64_t>(lifecycle::MsOf(at)); }
std::uint64_t Ms(lifecycle::Duration d) { return static_cast<std::uint64_t>(d.count()); }

void Fill(const lifecycle::TransitionEvent& from, ack::v1::Event& event) {
  auto& to = *event.mutable_transition();
  to.set_message_id(from.key.id.str());
  to.set_old_state(W(from.old_state));
  to.set_new_state(W(from.new_state));
  to.set_reason(W(from.reason));
  to.set_monotonic_ms(Ms(from.at));
  to.set_retry_count(from.retry_count);
  to.set_channel(from.channel.str());
  to.set_source(from.key.source.str());
  to.set_target(from.target.str());
  to.set_role(W(from.role));
  to.set_attempt(from.attempt);
  to.set_certainty(W(from.certainty));
  if (from.skipped.empty() && from.code == lifecycle::ErrorCode::kUnspecified &&
      from.note.empty()) {
    return;
  }
  auto& details = *to.mutable_details();
  for (const auto skipped : from.skipped) {
    details.add_skipped(W(skipped));
  }
  details.set_error_code(W(from.code));
  details.set_note(from.note);
}

void Fill(const lifecycle::RetryEvent& from, ack::v1::Event& event) {
  auto& to = *event.mutable_retry();
  to.set_message_id(from.key.id.str());
  to.set_role(W(from.role));
  to.set_reason(W(from.reason));
  to.set_attempt(from.attempt);
  to.set_delivery_count(from.delivery_count);
  to.set_backoff_ms(Ms(from.backoff));
  to.set_monotonic_ms(Ms(from.at));
  to.set_source(from.key.source.str());
  to.set_target(from.target.str());
}

void Fill(const lifecycle::ProgressEvent& from, ack::v1::Event& event) {
  auto& to = *event.mutable_progress();
  to.set_message_id(from.key.id.str());
  to.set_role(W(from.role));
  to.set_progress_number(from.progress_number);
  if (from.percent) {
    to.set_percent(*from.percent);
  }
  to.set_monotonic_ms(Ms(from.at));
  to.set_source(from.key.source.str());
  to.set_target(from.target.str());
}

void Fill(const lifecycle::AnomalyEvent& from, ack::v1::Event& event) {
  auto& to = *event.mutable_anomaly();
  to.set_kind(W(from.kind));
  to.set_role(W(from.role));
  to.set_message_id(from.id.str());
  to.set_peer(from.peer.str());
  to.set_ack_type(W(from.type));
  to.set_status(W(from.status));
  to.set_attempt(from.attempt);
  to.set_monotonic_ms(Ms(from.at));
  to.set_note(from.note);
}

void Fill(const lifecycle::AlertEvent& from, ack::v1::Event& event) {
  auto& to = *event.mutable_alert();
  to.set_alert_id(from.key.id.str());
  to.set_state(W(from.state));
  to.set_message_id(from.key.id.str());
  to.set_source(from.key.source.str());
  to.set_target(from.target.str());
  to.set_channel(from.channel.str());
  to.set_error_code(W(from.code));
  to.set_reason(W(from.reason));
  to.set_text(from.text);
  to.set_monotonic_ms(Ms(from.at));
}

void Fill(const lifecycle::ExecutionEvent& from, ack::v1::Event& event) {
  auto& to = *event.mutable_execution();
  to.set_message_id(from.key.id.str());
  to.set_source(from.key.source.str());
  to.set_target(from.target.str());
  to.set_idempotency_key(from.idempotency_key.str());
  to.set_attempt(from.attempt);
  to.set_monotonic_ms(Ms(from.at));
}

}  // namespace

namespace {

// CMB-WIRE-024: an ACK of the cores has no metadata, and with a short note it is within every
// bound.
void FillAck(const lifecycle::AckOut& from, ack::v1::Ack& to) {
  FillAckFields(from, to);
  const std::string_view note = WithinNote(from.note);
  if (note.size() < from.note.size()) {
    to.set_note(std::string(note));
    to.set_truncated(true);  // CMB-WIRE-025.
  }
}

}  // namespace

// CMB-WIRE-009; FillAck has what stands in the ACK itself.
ack::v1::CognitiveMessage AckHeader(std::string_view self, const lifecycle::SendAck& effect) {
  ack::v1::CognitiveMessage header;
  header.set_schema_version(kSchemaVersion);
  header.set_msg_type(ack::v1::MSG_TYPE_ACK);
  header.set_source(std::string(self));
  header.add_targets(effect.to.str());
  FillAck(effect.ack, *header.mutable_ack());
  return header;
}

ack::v1::CognitiveMessage AckBatchHeader(std::string_view self,
                                         const std::vector<lifecycle::SendAck>& effects) {
  ack::v1::CognitiveMessage header;
  header.set_schema_version(kSchemaVersion);
  header.set_msg_type(ack::v1::MSG_TYPE_ACK);
  header.set_source(std::string(self));
  header.add_targets(effects.front().to.str());
  for (const auto& effect : effects) {
    FillAck(effect.ack, *header.mutable_ack_batch()->add_acks());
  }
  return header;
}

ack::v1::Event EventToWire(const lifecycle::Event& event) {
  ack::v1::Event out;
  std::visit([&](const auto& kind) { Fill(kind, out); }, event);
  return out;
}

ack::v1::TransactionRecord RecordToWire(const lifecycle::RecordView& from) {
  ack::v1::TransactionRecord to;
  to.set_message_id(from.key.id.str());
  to.set_role(W(from.role));
  to.set_source(from.key.source.str());
  to.set_target(from.target.str());
  to.set_channel(from.channel.str());
  to.set_state(W(from.state));
  to.set_certainty(W(from.certainty));
  to.set_reason(W(from.reason));
  to.set_error_code(W(from.code));
  to.set_attempt(from.attempt);
  to.set_retry_count(from.retry_count);
  to.set_delivery_count(from.delivery_count);
  to.set_dead_letter(from.dead_letter);
  to.set_alert(W(from.alert));
  to.set_execution_count(from.execution_count);
  to.set_idempotency_key(from.idempotency_key.str());
  to.set_created_ms(Ms(from.created));
  to.set_changed_ms(Ms(from.changed));
  to.set_last_ack_type(W(from.last_ack_type));
  to.set_last_status(W(from.last_status));
  to.set_note(from.note);
  for (const auto& [type, status, attempt, at] : from.history) {
    auto& seen = *to.add_ack_history();
    seen.set_ack_type(W(type));
    seen.set_status(W(status));
    seen.set_attempt(attempt);
    seen.set_at_ms(Ms(at));
  }
  if (from.last_retry) {
    to.set_last_retry_at_ms(Ms(*from.last_retry));
  }
  if (from.role == lifecycle::Role::kSender) {
    const auto views = lifecycle::ViewsOf(from);
    to.mutable_views()->set_cmb_v0(views.cmb_v0);
    to.mutable_views()->set_sw4rm(views.sw4rm);
    to.mutable_views()->set_fleet(views.fleet);
  }
  return to;
}

}  // namespace cmb::reference
