// The effects of the sender's table that tell: retries and alerts.
#include <fmt/format.h>

#include "conformance/oracle/tables/sender_machine.h"
#include "conformance/oracle/tables/sender_telling.h"

namespace cmb::conformance::oracle::tables::sender {
namespace {

using ack::v1::Ack;

ack::v1::Reason ReasonOf(const Ack& ack) {
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
      return ack::v1::REASON_ROUTER_ACK;
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return ack::v1::REASON_DELIVERY_ACK;
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
      return ack::v1::REASON_PROGRESS_ACK;
    case ack::v1::ACK_TYPE_TIMEOUT:
      return ack::v1::REASON_TIMEOUT;
    default:  // open enum
      return ack::v1::REASON_EXECUTION_ACK;
  }
}

}  // namespace

void Machine::EmitRetry(Step& step) {
  Record& record = step.record;
  DrawWait(record);
  record.last_retry_ms = world_.now_ms;
  const ack::v1::Reason reason =
      step.cause.ack != nullptr ? ReasonOf(*step.cause.ack) : step.cause.phase;
  world_.Expect(WhyOf(SenderEffect::kEmitRetry, step), RetryOf(world_, record, reason)).fields = {
      {"retry.backoff_ms", RequirementOfWaits(record.send.policy(), world_.history.settings())}};
}

// Of a transition the alert has code and reason; without one, those of the ACK.
void Machine::Alert(Step& step, ack::v1::AlertState state, std::string_view requirement) {
  Record& record = step.record;
  record.alert = state;
  ack::v1::Event event = AlertOf(world_, record, TextOf(step, state));
  if (step.cell->kind != CellKind::kGo && !step.moved) {
    event.mutable_alert()->set_reason(ReasonOf(*step.cause.ack));
    event.mutable_alert()->set_error_code(step.cause.ack->error_code());
  }
  Reason why = step.why;
  why.requirement = requirement;
  auto& item = world_.Expect(why, std::move(event));
  if (std::get<ack::v1::Event>(item.what).alert().text().ends_with(": ")) {
    item.leeway = {"cause in words"};
  }
  item.fields = {{"alert.text", step.spent ? "CMB-OBS-009" : "CMB-OBS-010"},
                 {"alert.reason", "CMB-OBS-024"},
                 {"alert.error_code", "CMB-OBS-024"}};
}

// An alert that comes all the same breaks this sentence.
void Machine::None(const Step& step, std::string_view requirement) {
  if (step.cell->kind != CellKind::kGo) {
    world_.Apply(requirement, step.why.row, step.why.message);
  }
}

void Machine::Raise(Step& step) {
  const bool raised = step.record.alert != ack::v1::ALERT_STATE_UNSPECIFIED;
  switch (step.cell->anomaly) {
    case ack::v1::ANOMALY_KIND_LATE_FAILURE:
      return raised ? None(step, "CMB-LATE-018")
                    : Alert(step, ack::v1::ALERT_STATE_RAISED, "CMB-LATE-018");
    case ack::v1::ANOMALY_KIND_CONFLICT:  // A proof was wrong.
      return Alert(step, raised ? ack::v1::ALERT_STATE_UPDATED : ack::v1::ALERT_STATE_RAISED,
                   "CMB-LATE-017");
    default:  // open enum
      return Alert(step, ack::v1::ALERT_STATE_RAISED, "CMB-OBS-008");
  }
}

void Machine::Revise(Step& step, ack::v1::AlertState state) {
  if (step.row.row == SenderRow::kAnyAckDisproves) {
    return Raise(step);
  }
  const ack::v1::AlertState was = step.record.alert;
  if (step.disproves || was == ack::v1::ALERT_STATE_UNSPECIFIED ||
      was == ack::v1::ALERT_STATE_RESOLVED) {
    // There is none to revise, or the wrong proof revises it.
    return None(step, step.cell->kind == CellKind::kGo ? "CMB-LATE-003" : "CMB-LATE-007");
  }
  Alert(step, state, step.cell->kind == CellKind::kGo ? "CMB-LATE-003" : "CMB-LATE-007");
}

// What is expected ends with the colon where the cause follows in words.
std::string Machine::TextOf(const Step& step, ack::v1::AlertState state) const {
  const Record& record = step.record;
  if (step.spent && state == ack::v1::ALERT_STATE_RAISED && step.cell->kind == CellKind::kGo) {
    return fmt::format(
        "Fleet: message {} to {} failed after {} retries.\n"
        "Check target connectivity. Last channel attempted: {}",
        record.message_id, record.target(), record.attempt - 1, record.channel);
  }
  const std::string of = fmt::format("message {} to {}: ", record.message_id, record.target());
  return record.reason == ack::v1::REASON_CIRCUIT_OPEN && step.cell->kind == CellKind::kGo
             ? fmt::format("{}circuit to {} is open", of, record.target())
             : of;
}

}  // namespace cmb::conformance::oracle::tables::sender
