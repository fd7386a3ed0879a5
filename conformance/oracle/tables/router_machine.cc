#include "conformance/oracle/tables/router_machine.h"

#include <algorithm>

#include "conformance/oracle/tables/level.h"
#include "conformance/oracle/tables/row_text.h"

namespace cmb::conformance::oracle::tables::router {
namespace {

using Cell = RouterTable::Cell;

bool Has(const Cell& cell, RouterEffect effect) {
  return std::find(cell.effects.begin(), cell.effects.end(), effect) != cell.effects.end();
}

bool IsTerminalFor57(ack::v1::State state) {
  return state == ack::v1::STATE_DELIVERED || state == ack::v1::STATE_SETTLED ||
         state == ack::v1::STATE_DEAD_LETTERED || state == ack::v1::STATE_CANCELLED;
}

// `type` of the tables: the ACK that came.
ack::v1::Reason ReasonOf(const ack::v1::Ack& ack) {
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
      return ack::v1::REASON_EXECUTION_ACK;
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
      return ack::v1::REASON_PROGRESS_ACK;
    default:  // open enum
      return ack::v1::REASON_RECEIPT;
  }
}

ack::v1::ErrorCode CodeOfDeadLetter(const Step& step) {
  if (step.trigger == RouterTrigger::kTimeout) {
    return step.ack->error_code();
  }
  if (step.trigger == RouterTrigger::kChannelIsGone) {
    return ack::v1::ERROR_CODE_CHANNEL_MISMATCH;
  }
  return step.trigger == RouterTrigger::kTtlEnds ? ack::v1::ERROR_CODE_TTL_EXPIRED
                                                 : ack::v1::ERROR_CODE_ACK_TIMEOUT;
}

// 2.4, `details.error_code` of a router's transition.
ack::v1::ErrorCode CodeOf(const Step& step) {
  switch (step.record->state) {
    case ack::v1::STATE_SETTLED:
      return step.ack->error_code();
    case ack::v1::STATE_CANCELLED:
      return ack::v1::ERROR_CODE_CANCELLED;
    case ack::v1::STATE_DEAD_LETTERED:
      return CodeOfDeadLetter(step);
    default:  // open enum
      return ack::v1::ERROR_CODE_UNSPECIFIED;
  }
}

// Not what came from a wrong author, nor what came again.
bool IsJudgedOfRecord(RouterTrigger trigger) {
  return trigger != RouterTrigger::kAnyAck && trigger != RouterTrigger::kCancelTimeout;
}

}  // namespace

Machine::Machine(World& world)
    : world_(world),
      bounds_(world.history),
      memory_(world, bounds_),
      jitter_(world.history.settings()) {
  const auto& modules = world.history.transcript().header.connected;
  for (const std::string& module : modules) {
    connections_[module] = Connection::kThere;
  }
  counters_.began_ms = world.now_ms;
}

void Machine::Connect(const std::string& module, Connection connection) {
  if (connection == Connection::kAway) {
    connections_.erase(module);
    return;
  }
  if (!connections_.contains(module)) {
    MayNotReach(module);
  }
  connections_[module] = connection;
}

// ---------------------------------------------------------------- what happens

void Machine::Handle(const FrameSeen& frame) {
  if (const auto finding = FindingOf(frame)) {
    return Drop(*finding, frame, nullptr);
  }
  switch (frame.header->msg_type()) {
    case ack::v1::MSG_TYPE_ACK:
      return HandleAck(frame);
    case ack::v1::MSG_TYPE_PING:
      return HandlePing(frame);
    case ack::v1::MSG_TYPE_PONG:
      return HandlePong(frame);
    default:  // open enum: whatever else it is, it is judged as a MESSAGE.
      return HandleMessage(frame);
  }
}

void Machine::Fire(const ArmedTimer& timer) {
  Step step;
  step.key = {timer.source, timer.message_id};
  step.record = memory_.Find(step.key);
  const ArmedTimer* phase =
      world_.timers.Find(timer.source, timer.message_id, ack::v1::TIMER_KIND_DELIVERY_PHASE);
  switch (timer.kind) {
    case ack::v1::TIMER_KIND_TTL:
      step.trigger = RouterTrigger::kTtlEnds;
      break;
    case ack::v1::TIMER_KIND_DELIVERY_PHASE:
      step.trigger = RouterTrigger::kDeliveryPhaseEnds;
      break;
    default:  // open enum
      if (phase != nullptr && phase->deadline_ms <= world_.now_ms) {
        return;  // At the instant at which the phase ends nothing is forwarded (7.3).
      }
      step.trigger = RouterTrigger::kRedeliveryTimer;
      break;
  }
  Apply(step);
}

void Machine::Restart() {
  counters_ = {world_.now_ms, {}, 0};
  restarted_in_ = world_.exchange;
  jitter_.Restart();
  for (auto& [module, connection] : connections_) {
    connection = Connection::kThere;  // Its queue was the process's.
  }
  if (!bounds_.IsDurable()) {
    memory_.ForgetAll();
    return;
  }
  world_.timers.DueNow(world_.now_ms, "CMB-DUR-022");
  Housekeep();
  for (auto& [key, record] : memory_.records()) {
    Step step;
    step.trigger = RouterTrigger::kRestart;
    step.key = key;
    step.record = &record;
    Apply(step);
    record.kept = TextOf(record).SerializeAsString();
    record.deliveries.kept = record.deliveries.count > 0;
  }
}

// ---------------------------------------------------------------- a row

void Machine::Apply(Step& step) {
  const RouterTable& table = TheRouterTable();
  const auto* selected =
      table.Select(step.trigger, [&](RouterGuard guard) { return Holds(guard, step); });
  const Cell* cell = selected == nullptr ? nullptr : selected->CellIn(step.state());
  if (cell == nullptr) {
    return;  // The table says that it cannot arise.
  }
  const auto& row = *selected;
  const ack::v1::State came_in = step.state();
  step.reason =
      world_.Apply(row.requirements.front(), RowText(table, row, step.state()), step.key.second);
  step.reason.requirement = row.RequirementOf(*cell);
  const bool no_mark = row.row == RouterRow::kCancelNoRoom || row.row == RouterRow::kTimeoutNoRoom;
  if (step.trigger == RouterTrigger::kAnyAck && IsOfFutureRouter(*step.ack)) {
    step.reason.requirement = "CMB-VER-016";
  }
  if (const auto own = no_mark ? memory_.OfRoomForMarks() : ""; !own.empty()) {
    step.reason.requirement = own;
  }
  if (Has(*cell, RouterEffect::kAdoptAttempt)) {
    Adopt(step);  // The event tells the attempt that is current after the change.
  }
  const bool leaves_out = LeavesOut(world_, row, *cell, RouterEffect::kEmitRetry, step.key.second);
  if (!leaves_out) {
    Move(*cell, step);
  }
  for (const RouterEffect effect : cell->effects) {
    Reason reason = step.reason;
    reason.requirement = table.RequirementOf(row, *cell, effect);
    if (!leaves_out || !tables::IsAbove(world_.history, reason.requirement)) {
      Do(effect, step, reason);
    }
  }
  if (step.ack != nullptr && IsJudgedOfRecord(step.trigger)) {
    Remember(step, came_in, cell->kind == CellKind::kAnomaly);
  }
  if (step.record != nullptr) {
    memory_.ArmExpiry(*step.record);
  }
}

void Machine::Move(const Cell& cell, Step& step) {
  const ack::v1::State before = step.state();
  switch (cell.kind) {
    case CellKind::kStay:
      return;
    case CellKind::kAnomaly: {
      Reason reason = step.reason;
      if (cell.anomaly == ack::v1::ANOMALY_KIND_CLOSED_ATTEMPT && memory_.HasKept(step.key)) {
        reason.requirement = "CMB-RTR-032";
      }
      Count(reason, AnomalyOf(cell.anomaly, *step.header, step.ack));
      if (step.trigger == RouterTrigger::kTimeout) {  // What else it does breaks its own sentence.
        world_.expected.items.back().fields = {{"instead", "CMB-RTR-020"}};
      }
      return;
    }
    case CellKind::kForget:
      memory_.Forget(step.key);
      step.record = nullptr;
      return;
    case CellKind::kCreate:
      Create(cell, step);
      return;
    case CellKind::kGo:
      step.record->state = cell.next;
      step.record->reason =
          cell.reason == ack::v1::REASON_UNSPECIFIED ? ReasonOf(*step.ack) : cell.reason;
      Tell(before, step);
      return;
  }
}

void Machine::Tell(ack::v1::State before, const Step& step) {
  Record& record = *step.record;
  record.error_code = CodeOf(step);
  record.changed_ms = world_.now_ms;
  record.dead_letter = record.state == ack::v1::STATE_DEAD_LETTERED;
  if (IsTerminalFor57(record.state)) {
    record.terminal_at_ms = world_.now_ms;
  }
  ack::v1::Event event;
  ack::v1::TransitionEvent& moved = *event.mutable_transition();
  moved.set_message_id(record.message_id());
  moved.set_old_state(before);
  moved.set_new_state(record.state);
  moved.set_reason(record.reason);
  moved.set_retry_count(record.current - 1);
  moved.set_channel(record.channel);
  moved.set_source(record.source());
  moved.set_target(record.target);
  moved.mutable_details()->set_error_code(record.error_code);
  moved.set_role(ack::v1::ROLE_ROUTER);
  moved.set_attempt(record.current);
  world_.Expect(step.reason, std::move(event));
}

Record& Machine::Create(const Cell& cell, Step& step) {
  Record& record = memory_.Make(step.key);
  step.record = &record;
  record.state = cell.next;
  Adopt(step);
  return record;
}

void Machine::Adopt(Step& step) {
  Record& record = *step.record;
  record.copy = {};
  const bool refused = step.refusal != ack::v1::ERROR_CODE_UNSPECIFIED;
  if (refused || record.state == ack::v1::STATE_REJECTED || record.current == 0) {
    record.target = step.header->targets_size() == 0 ? "" : step.header->targets(0);
  }
  if (refused) {
    record.error_code = step.refusal;
  }
  record.current = step.attempt;
  record.channel = step.frame == nullptr ? step.header->channel() : step.frame->frame->socket;
  record.copy.header = *step.header;
  record.came_ttl_ms = step.header->ttl_ms() == 0 ? record.came_ttl_ms : step.header->ttl_ms();
  if (step.frame != nullptr) {
    record.copy.header_bytes = step.frame->frame->frames.front();
    record.copy.payload = step.frame->frame->payload();
  }
  if (step.redrives != nullptr) {
    record.is_redrive = true;
    record.copy.payload = step.redrives->copy.payload;
    record.forwarded_at_ms = step.redrives->forwarded_at_ms;  // Of the work (CMB-DLQ-009).
    record.copies_end_ms = Later(world_.now_ms, step.header->ttl_ms());
  }
}

}  // namespace cmb::conformance::oracle::tables::router
