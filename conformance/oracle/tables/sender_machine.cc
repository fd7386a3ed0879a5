#include "conformance/oracle/tables/sender_machine.h"

#include <algorithm>
#include <utility>

#include "conformance/oracle/tables/level.h"
#include "conformance/oracle/tables/row_text.h"
#include "conformance/oracle/tables/sender_telling.h"

namespace cmb::conformance::oracle::tables::sender {
namespace {

using ack::v1::Ack;
using ack::v1::State;

SenderTrigger TriggerOf(const Ack& ack, const Record& record) {
  const bool success = ack.status() == ack::v1::STATUS_SUCCESS;
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
      return success ? SenderTrigger::kRouterAckSuccess : SenderTrigger::kRouterAckRejected;
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      if (!success && record.cancel_sent && ack.never_forwarded() &&
          ack.error_code() == ack::v1::ERROR_CODE_CANCELLED) {
        return SenderTrigger::kDeliveryAckFailureCancelled;
      }
      return success ? SenderTrigger::kDeliveryAckSuccess : SenderTrigger::kDeliveryAckFailure;
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
      return SenderTrigger::kProgressAck;
    case ack::v1::ACK_TYPE_TIMEOUT:
      return SenderTrigger::kTimeout;
    default:  // open enum; what is unknown or unauthorised was found before.
      break;
  }
  switch (ack.status()) {
    case ack::v1::STATUS_IN_PROGRESS:
      return SenderTrigger::kExecutionAckInProgress;
    case ack::v1::STATUS_SUCCESS:
      return SenderTrigger::kExecutionAckSuccess;
    case ack::v1::STATUS_FAILURE:
      return SenderTrigger::kExecutionAckFailure;
    default:  // open enum
      return SenderTrigger::kExecutionAckRejected;
  }
}

// "An event E […] that is an anomaly wherever it can arise comes before the other events E."
bool IsAnomalyWhereverItArises(const SenderTable::Row& row) {
  return std::all_of(row.cells.begin(), row.cells.end(),
                     [](const auto& named) { return named.second.kind == CellKind::kAnomaly; });
}

ack::v1::ErrorCode CodeOf(ack::v1::Reason reason, State next, const Ack* ack) {
  switch (reason) {
    case ack::v1::REASON_CANCEL:
      return ack::v1::ERROR_CODE_CANCELLED;
    case ack::v1::REASON_TTL_EXPIRED:
      return ack::v1::ERROR_CODE_TTL_EXPIRED;
    case ack::v1::REASON_CIRCUIT_OPEN:
      return ack::v1::ERROR_CODE_CIRCUIT_OPEN;
    case ack::v1::REASON_SEND:
      return ack::v1::ERROR_CODE_UNSPECIFIED;
    default:  // open enum; an ACK or a phase timer.
      break;
  }
  const bool none = ack == nullptr || (ack->error_code() == ack::v1::ERROR_CODE_UNSPECIFIED &&
                                       next == ack::v1::STATE_TIMEOUT_ABORT);
  return none ? ack::v1::ERROR_CODE_ACK_TIMEOUT : ack->error_code();
}

// CMB-OBS-007: what lies between the two states.
void AddSkipped(State from, const Ack& ack, ack::v1::TransitionDetails& details) {
  const bool above_delivery = ack.ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK ||
                              ack.ack_type() == ack::v1::ACK_TYPE_PROGRESS_ACK;
  const bool delivery =
      ack.ack_type() == ack::v1::ACK_TYPE_DELIVERY_ACK && ack.status() == ack::v1::STATUS_SUCCESS;
  if (from == ack::v1::STATE_SEND_PENDING && (delivery || above_delivery)) {
    details.add_skipped(ack::v1::ACK_TYPE_ROUTER_ACK);
  }
  if ((from == ack::v1::STATE_SEND_PENDING || from == ack::v1::STATE_ROUTED) && above_delivery) {
    details.add_skipped(ack::v1::ACK_TYPE_DELIVERY_ACK);
  }
}

State StageOf(const Ack& ack) {
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
      return ack::v1::STATE_ROUTED;
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return ack::v1::STATE_DELIVERED;
    default:  // open enum
      return ack.status() == ack::v1::STATUS_SUCCESS ? ack::v1::STATE_COMPLETED_SUCCESS
                                                     : ack::v1::STATE_EXECUTING;
  }
}

bool IsByRequiredAck(const SenderTable::Row& row) {
  return std::count(row.guards.begin(), row.guards.end(), SenderGuard::kRequiredAckMet) != 0;
}

}  // namespace

Input Machine::InputOf(const Record& record, const Cause& cause) const {
  Input input{world_, record, cause.ack};
  input.circuit_refuses = cause.circuit_refuses;
  if (cause.frame != nullptr) {
    input.source = cause.frame->header->source();
  }
  return input;
}

const Machine::Row* Machine::RowFor(SenderTrigger trigger, const Input& input) const {
  const auto holds = [&](SenderGuard guard) { return Holds(guard, input); };
  for (const Row& row : TheSenderTable().rows) {
    if (row.trigger == trigger && IsAnomalyWhereverItArises(row) &&
        std::all_of(row.guards.begin(), row.guards.end(), holds)) {
      return &row;
    }
  }
  return TheSenderTable().Select(trigger, holds);
}

void Machine::Take(SenderTrigger trigger, Record& record, const Cause& cause) {
  const Input input = InputOf(record, cause);
  const Row* row = RowFor(trigger, input);
  if (row == nullptr) {
    return;
  }
  const bool spent = trigger == SenderTrigger::kPhaseTimer && MetSpentBudget(input);
  Follow({*row, row->CellIn(record.state), record.state, DecidedBy(*row, input), spent}, record,
         cause);
}

void Machine::TakeAck(Record& record, const Cause& cause) {
  const Input input = InputOf(record, cause);
  const State from = record.state;
  const Row* row = RowFor(TriggerOf(*cause.ack, record), input);
  if (row == nullptr) {
    return;
  }
  const Cell* cell = row->CellIn(from);
  const bool disproves = Holds(SenderGuard::kDisproves, input);
  const bool moves = cell != nullptr && cell->kind == CellKind::kGo;
  if (moves || !disproves) {
    Follow({*row, cell, from, DecidedBy(*row, input), MetSpentBudget(input), disproves}, record,
           cause);
  }
  if (disproves) {
    const Row& conflict = TheSenderTable().RowOf(SenderRow::kAnyAckDisproves);
    record.proof_was_wrong = true;
    Follow({conflict, conflict.CellIn(from), from, {}, false, false, moves}, record, cause);
  }
}

void Machine::Follow(const Turn& turn, Record& record, const Cause& cause) {
  if (turn.cell == nullptr ||
      LeavesOut(world_, turn.row, *turn.cell, SenderEffect::kEmitRetry, record.message_id)) {
    return;
  }
  Step step{turn, record, cause, RetryWaits(world_, record), {}};
  step.why = world_.Apply(RequirementOf(step), RowText(TheSenderTable(), turn.row, turn.from),
                          record.message_id);
  const std::size_t first = world_.expected.items.size();
  if (turn.cell->kind == CellKind::kGo) {
    Move(step);
  } else if (turn.cell->kind == CellKind::kAnomaly) {
    Count(step);
  }
  for (const SenderEffect effect : turn.cell->effects) {
    Do(effect, step);
  }
  for (std::size_t i = turn.decided_by.empty() ? world_.expected.items.size() : first;
       i < world_.expected.items.size(); ++i) {
    for (const auto* field : {"instead", "transition.new_state"}) {
      world_.expected.items[i].fields.emplace_back(field, turn.decided_by);
    }
  }
  Finish(step, first);
  if (turn.cell->then) {
    const Row& next = TheSenderTable().RowOf(*turn.cell->then);
    Follow({next, next.CellIn(record.state), record.state}, record, cause);
  }
}

void Machine::Finish(const Step& step, std::size_t first) {
  Record& record = step.record;
  if (step.cell->kind == CellKind::kGo) {
    ExpectedItem& item = world_.expected.items[first];
    std::get<ack::v1::Event>(item.what).mutable_transition()->set_certainty(record.certainty);
    item.fields.emplace_back("transition.certainty", record.certainty_rests_on);
    if (!IsTerminal(step.from) && IsTerminal(record.state)) {
      circuits_.Ended(record, world_.now_ms);
    }
  }
  if (step.cause.ack != nullptr) {
    Remember(step);
  }
}

// Sentences that are more exact than the row's.
std::string_view Machine::RequirementOf(const Step& step) const {
  const Ack* ack = step.cause.ack;
  const Record& record = step.record;
  const Input input = InputOf(record, step.cause);
  const bool answers_nothing = step.row.trigger == SenderTrigger::kDeliveryAckFailure &&
                               record.cancel_sent &&
                               step.cell->anomaly == ack::v1::ANOMALY_KIND_UNEXPECTED_ACK &&
                               ack->error_code() == ack::v1::ERROR_CODE_CANCELLED;
  if (answers_nothing) {
    return "CMB-CXL-003";
  }
  if (step.row.row == SenderRow::kRouterAckRejectedRetryableBudgetLeft &&
      step.cell->kind != CellKind::kAnomaly && IsRetriedByItsRoute(input)) {
    return "CMB-RTY-010";
  }
  if (DecidesByOwnWindow(input)) {
    return "CMB-LATE-019";
  }
  if (ack != nullptr && ack->attempt() < record.attempt && !IsBadNews(*ack) &&
      record.channels.size() > 1 && !IsTerminal(step.from)) {
    return "CMB-FBK-003";  // Another channel's.
  }
  const bool born_dead = step.row.row == SenderRow::kTtlEnds && record.life_ms == 0;
  return born_dead ? "CMB-TMR-005" : step.row.RequirementOf(*step.cell);
}

void Machine::Move(Step& step) {
  Record& record = step.record;
  const Ack* ack = step.cause.ack;
  record.state = step.cell->next;
  record.reason =
      step.cell->reason == ack::v1::REASON_UNSPECIFIED ? step.cause.phase : step.cell->reason;
  record.error_code = CodeOf(record.reason, record.state, ack);
  record.entered_ms = world_.now_ms;
  record.refused = ack != nullptr && ack->status() == ack::v1::STATUS_REJECTED;
  if (IsByRequiredAck(step.row)) {
    record.completed_early = true;
    record.highest = StageOf(*ack);
  }
  ack::v1::Event event = TransitionOf(world_, record, step.from);
  if (ack != nullptr && record.state != ack::v1::STATE_SEND_PENDING) {
    AddSkipped(step.from, *ack, *event.mutable_transition()->mutable_details());
  }
  tables::Reason why = step.why;
  if (record.reason == ack::v1::REASON_CIRCUIT_OPEN) {
    why.requirement = step.cause.circuit_says;
    circuits_.Refused(record.target());
  }
  const bool skips = event.transition().details().skipped_size() != 0 && !IsTerminal(record.state);
  world_.Expect(why, std::move(event)).fields = {
      {"transition.details.skipped", "CMB-OBS-007"},
      {"transition.new_state", skips ? "CMB-SND-005" : ""}};
  if (IsTerminal(record.state)) {
    ArmExpiry(record);
  }
}

void Machine::Count(Step& step) {
  auto& item = world_.Expect(
      step.why, AnomalyOf(step.cell->anomaly, step.cause.frame->header, step.cause.ack));
  if (step.why.requirement == "CMB-CXL-003") {  // It proves nothing, and who says more breaks that.
    step.record.certainty_rests_on = "CMB-CXL-003";
    item.fields = {{"missing", step.row.RequirementOf(*step.cell)}, {"instead", "CMB-CXL-003"}};
  }
}

void Machine::Remember(const Step& step) {
  Record& record = step.record;
  const Ack* ack = step.cause.ack;
  const bool anomaly = step.cell->kind == CellKind::kAnomaly;
  if (!anomaly) {
    record.last_ack_type = ack->ack_type();
    record.last_status = ack->status();
    ack::v1::AckSeen taken;
    taken.set_ack_type(ack->ack_type());
    taken.set_status(ack->status());
    taken.set_attempt(ack->attempt());
    taken.set_at_ms(world_.now_ms);
    record.taken.push_back(std::move(taken));
  }
  if (!anomaly && IsProgress(*ack) && !IsTerminal(record.state)) {
    circuits_.Started(record);
  }
  RememberStage(record, step.from, *ack);
}

// What only later rows ask about.
void Machine::RememberStage(Record& record, State from, const Ack& ack) {
  const bool execution = ack.ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK;
  const bool success = ack.status() == ack::v1::STATUS_SUCCESS;
  const bool good = success || ack.status() == ack::v1::STATUS_IN_PROGRESS;
  if (good && IsTerminal(record.state)) {
    record.highest = std::max(record.highest, StageOf(ack));
  }
  record.succeeded = record.succeeded || (execution && success);
  record.failure_confirmed =
      record.failure_confirmed || (from == ack::v1::STATE_COMPLETED_FAILURE && execution && !good);
}

}  // namespace cmb::conformance::oracle::tables::sender
