#include "conformance/oracle/tables/sender_telling.h"

#include <string_view>

namespace cmb::conformance::oracle::tables::sender {
namespace {

using ack::v1::Event;
using ack::v1::State;
using ack::v1::TransactionRecord;

constexpr std::size_t kHistoryEnd = 16;  // Of a longer history this many of each end.

std::uint32_t Resends(const Record& record) { return record.attempt == 0 ? 0 : record.attempt - 1; }

// About which message, from whom to whom.
template <typename Kind>
void SetParties(const World& world, const Record& record, Kind& kind) {
  kind.set_message_id(record.message_id);
  kind.set_source(world.history.module_id());
  kind.set_target(record.target());
}

struct View {
  std::string_view cmb_v0, sw4rm, fleet;
};

View ViewOf(State state, bool refused) {
  switch (state) {
    case ack::v1::STATE_SEND_PENDING:
      return {"AWAIT_ROUTER_ACK", "SENT", "awaiting"};
    case ack::v1::STATE_ROUTED:
      return {"AWAIT_EXEC_ACK", "SENT", "awaiting"};
    case ack::v1::STATE_DELIVERED:
      return {"AWAIT_EXEC_ACK", "RECEIVED", "delivered"};
    case ack::v1::STATE_EXECUTING:
      return {"AWAIT_EXEC_ACK", "READ", "delivered"};
    case ack::v1::STATE_COMPLETED_SUCCESS:
      return {"DONE", "FULFILLED", "processed"};
    case ack::v1::STATE_COMPLETED_FAILURE:
      return {"FAILED_NACK", refused ? "REJECTED" : "FAILED", "failed"};
    case ack::v1::STATE_TIMEOUT_ABORT:
      return {"FAILED_TIMEOUT", "TIMED_OUT", "failed"};
    default:  // open enum; IDLE.
      return {"NEW", "-", "none"};
  }
}

void SetViews(const Record& record, TransactionRecord& told) {
  const bool early = record.completed_early && record.state == ack::v1::STATE_COMPLETED_SUCCESS;
  const View view = ViewOf(early ? record.highest : record.state, record.refused);
  told.mutable_views()->set_cmb_v0(early ? "DONE" : std::string(view.cmb_v0));
  told.mutable_views()->set_sw4rm(std::string(view.sw4rm));
  told.mutable_views()->set_fleet(std::string(view.fleet));
}

// CMB-INS-011, -012.
void SetHistory(const Record& record, TransactionRecord& told) {
  const auto& taken = record.taken;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (i < kHistoryEnd || i + kHistoryEnd >= taken.size()) {
      *told.add_ack_history() = taken[i];
    }
  }
  if (record.last_retry_ms) {
    told.set_last_retry_at_ms(*record.last_retry_ms);
  }
}

}  // namespace

Event TransitionOf(const World& world, const Record& record, State from) {
  Event event;
  auto& moved = *event.mutable_transition();
  SetParties(world, record, moved);
  moved.set_role(ack::v1::ROLE_SENDER);
  moved.set_old_state(from);
  moved.set_new_state(record.state);
  moved.set_reason(record.reason);
  moved.set_attempt(record.attempt);
  moved.set_retry_count(Resends(record));
  moved.set_channel(record.channel);
  moved.mutable_details()->set_error_code(record.error_code);
  return event;
}

Event RetryOf(const World& world, const Record& record, ack::v1::Reason reason) {
  Event event;
  auto& retry = *event.mutable_retry();
  SetParties(world, record, retry);
  retry.set_role(ack::v1::ROLE_SENDER);
  retry.set_reason(reason);
  retry.set_attempt(record.attempt + 1);
  retry.set_backoff_ms(record.wait_ms);
  return event;
}

Event ProgressOf(const World& world, const Record& record, const ack::v1::Ack& ack) {
  Event event;
  auto& progress = *event.mutable_progress();
  SetParties(world, record, progress);
  progress.set_role(ack::v1::ROLE_SENDER);
  progress.set_progress_number(ack.progress_number());
  if (ack.has_percent()) {
    progress.set_percent(ack.percent());
  }
  return event;
}

Event AlertOf(const World& world, const Record& record, const std::string& text) {
  Event event;
  auto& alert = *event.mutable_alert();
  SetParties(world, record, alert);
  alert.set_alert_id(record.message_id);
  alert.set_state(record.alert);
  alert.set_channel(record.channel);
  alert.set_error_code(record.error_code);
  alert.set_reason(record.reason);
  alert.set_text(text);
  return event;
}

Event AnomalyOf(ack::v1::AnomalyKind kind, const ack::v1::CognitiveMessage* header,
                const ack::v1::Ack* ack) {
  Event event;
  auto& anomaly = *event.mutable_anomaly();
  anomaly.set_kind(kind);
  anomaly.set_role(ack::v1::ROLE_SENDER);
  if (header == nullptr) {
    return event;
  }
  if (kind != ack::v1::ANOMALY_KIND_MALFORMED) {
    anomaly.set_peer(header->source());
  }
  if (ack == nullptr && header->has_ack()) {
    ack = &header->ack();
  }
  if (ack == nullptr) {
    anomaly.set_message_id(header->message_id());
    anomaly.set_attempt(header->msg_type() == ack::v1::MSG_TYPE_MESSAGE ? header->attempt() : 0);
    return event;
  }
  anomaly.set_message_id(ack->correlation_id());
  anomaly.set_ack_type(ack->ack_type());
  anomaly.set_status(ack->status());
  anomaly.set_attempt(ack->attempt());
  return event;
}

TransactionRecord TransactionOf(const World& world, const Record& record) {
  TransactionRecord told;
  SetParties(world, record, told);
  told.set_role(ack::v1::ROLE_SENDER);
  told.set_channel(record.channel);
  told.set_state(record.state);
  told.set_certainty(record.certainty);
  told.set_reason(record.reason);
  told.set_error_code(record.error_code);
  told.set_attempt(record.attempt);
  told.set_retry_count(Resends(record));
  told.set_dead_letter(record.dead_letter);
  told.set_alert(record.alert);
  told.set_idempotency_key(record.key());
  told.set_created_ms(record.created_ms);
  told.set_changed_ms(record.entered_ms);
  told.set_last_ack_type(record.last_ack_type);
  told.set_last_status(record.last_status);
  SetViews(record, told);
  SetHistory(record, told);
  return told;
}

}  // namespace cmb::conformance::oracle::tables::sender
