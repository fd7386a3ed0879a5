// ACKs at a router: each of a batch alone, looked up as 5.3 says.
#include "conformance/oracle/tables/router_machine.h"

namespace cmb::conformance::oracle::tables::router {
namespace {

using ack::v1::Ack;

RouterTrigger TriggerOf(const Ack& ack) {
  const bool success = ack.status() == ack::v1::STATUS_SUCCESS;
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_RECEIPT:
      return success ? RouterTrigger::kReceiptSuccess : RouterTrigger::kReceiptRejected;
    case ack::v1::ACK_TYPE_CANCEL:
      return RouterTrigger::kCancel;
    case ack::v1::ACK_TYPE_TIMEOUT:
      return RouterTrigger::kTimeout;
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
      return success || ack.status() == ack::v1::STATUS_FAILURE ||
                     (ack.status() == ack::v1::STATUS_REJECTED && !ack.retryable())
                 ? RouterTrigger::kExecutionAck
                 : RouterTrigger::kTargetsAck;
    default:  // open enum
      return RouterTrigger::kTargetsAck;
  }
}

}  // namespace

void Machine::HandleAck(const FrameSeen& frame) {
  if (frame.header->has_ack()) {
    HandleAck(frame, frame.header->ack(), false);
    return;
  }
  for (const Ack& ack : frame.header->ack_batch().acks()) {
    HandleAck(frame, ack, true);
  }
}

// What is passed on in any case does not show whether there is a record.
bool Machine::DiffersWithout(const Record& record, const Step& step) {
  const RouterTable& table = TheRouterTable();
  const auto stays = [&](RouterRow row) {
    const auto* cell = table.RowOf(row).CellIn(record.state);
    return cell != nullptr && cell->kind == CellKind::kStay;
  };
  const bool from_target = step.header->source() == record.target;
  if (step.trigger == RouterTrigger::kTargetsAck) {
    return !from_target || !stays(RouterRow::kTargetsAckNotTerminal);
  }
  if (step.trigger == RouterTrigger::kExecutionAck) {
    return !from_target || !stays(RouterRow::kExecutionAckTerminal);
  }
  if (step.trigger == RouterTrigger::kCancel) {
    return !record.refused.empty() || !stays(RouterRow::kCancel) || memory_.AnotherHas(step.key) ||
           !memory_.MayMark(step.key);
  }
  if (step.trigger == RouterTrigger::kTimeout) {
    const bool judged =
        record.judged.count({step.ack->ack_type(), step.ack->status(), step.ack->attempt()}) != 0;
    return judged || step.attempt < record.current || !stays(RouterRow::kTimeout) ||
           memory_.AnotherHas(step.key) || !memory_.MayMark(step.key);
  }
  return true;  // Everything else is counted where there is none.
}

void Machine::HandleAck(const FrameSeen& frame, const Ack& ack, bool in_batch) {
  Step step;
  step.frame = &frame;
  step.header = frame.header;
  step.ack = &ack;
  step.in_batch = in_batch;
  step.attempt = ack.attempt();
  step.key = {IsFromTarget(ack) ? frame.header->targets(0) : frame.header->source(),
              ack.correlation_id()};
  step.trigger = TriggerOf(ack);
  for (const Judgement judgement : {Judgement::kMalformed, Judgement::kUnknownValue}) {
    if (Applies(judgement, step)) {  // It shows nothing of a record.
      return Drop(judgement, frame, &ack);
    }
  }
  const auto shows = [&](const Record& record) { return DiffersWithout(record, step); };
  step.record = IsRoutersOwn(ack) ? nullptr : memory_.Find(step.key, shows);
  const auto finding = FindingOf(step);
  if (finding == Judgement::kWrongAuthor) {
    step.trigger = IsAnothersId(step) && IsSpokenOf(ack) ? RouterTrigger::kCancelTimeout
                                                         : RouterTrigger::kAnyAck;
  } else if (finding == Judgement::kDuplicate) {
    step.trigger = RouterTrigger::kAnyAck;
  }
  if (!IsSpokenOf(ack) && !finding) {
    PassOn(step, world_.Apply(IsFromTarget(ack) ? "CMB-VER-014" : "CMB-VER-015",
                              "router, an ACK whose type is from 100 to 139", step.key.second));
    Remember(step, step.state(), false);
    return;
  }
  Apply(step);
}

// What DUPLICATE_ACK and `ack_history` know of it.
void Machine::Remember(const Step& step, ack::v1::State came_in, bool is_anomaly) {
  if (step.record == nullptr || came_in == ack::v1::STATE_REJECTED) {
    return;
  }
  const Ack& ack = *step.ack;
  if (ack.ack_type() == ack::v1::ACK_TYPE_RECEIPT || ack.ack_type() == ack::v1::ACK_TYPE_TIMEOUT) {
    step.record->judged[{ack.ack_type(), ack.status(), ack.attempt()}] = false;
  }
  if (!is_anomaly) {
    ack::v1::AckSeen& seen = step.record->acks.emplace_back();
    seen.set_ack_type(ack.ack_type());
    seen.set_status(ack.status());
    seen.set_attempt(ack.attempt());
    seen.set_at_ms(world_.now_ms);
  }
}

}  // namespace cmb::conformance::oracle::tables::router
