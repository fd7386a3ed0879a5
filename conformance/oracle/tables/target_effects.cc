// The rows of a target's table: what a cell moves and what its effects send.
#include <algorithm>

#include "conformance/oracle/tables/row_text.h"
#include "conformance/oracle/tables/target_model.h"

namespace cmb::conformance::oracle::tables::target {
namespace {

using ack::v1::Ack;

// 2.4: into an ended state the code of the ACK that tells the end.
ack::v1::ErrorCode CodeOf(const Work& work) {
  return work.HasEnded() ? work.error : ack::v1::ERROR_CODE_UNSPECIFIED;
}

}  // namespace

Reason TargetModel::ReasonOf(const Row& row, const TargetTable::Cell& cell, const Work* work,
                             const std::string& message) const {
  const auto state = work == nullptr ? ack::v1::STATE_UNSPECIFIED : work->state;
  return world_.Apply(row.RequirementOf(cell), RowText(TheTargetTable(), row, state), message);
}

void TargetModel::Apply(TargetRow name, Work* work, const FrameSeen* frame, const HandlerAct* act) {
  const Row& row = TheTargetTable().RowOf(name);
  const auto state = work == nullptr ? ack::v1::STATE_UNSPECIFIED : work->state;
  const auto* cell = row.CellIn(state);
  if (cell == nullptr) {
    return;  // Impossible: the tables say that it cannot arise.
  }
  const std::string message = frame != nullptr  ? frame->header->message_id()
                              : work == nullptr ? ""
                                                : work->offered_by;
  Firing firing{ReasonOf(row, *cell, work, message), work, frame, nullptr, act};
  if (name == TargetRow::kMessageTableFull) {
    firing.reason.requirement = OfNoRoom();
  }
  if (cell->kind == CellKind::kCreate) {
    firing.work = &NewWork(*frame->header);
  }
  if (frame != nullptr && firing.work != nullptr) {
    firing.message = MessageIn(*firing.work, frame->header->message_id());
  }
  Move(row, *cell, firing);
}

// The transition, if the cell makes one, then the effects, then what follows at once.
void TargetModel::Move(const Row& row, const TargetTable::Cell& cell, Firing& firing) {
  if (cell.kind == CellKind::kGo) {
    ack::v1::Event event;
    ack::v1::TransitionEvent& moved = *event.mutable_transition();
    Work& work = *firing.work;
    moved.set_old_state(work.state);
    work.state = cell.next;
    work.reason = cell.reason;
    work.changed_ms = world_.now_ms;
    if (cell.reason == ack::v1::REASON_RESEND) {
      Reopen(firing);
    } else if (work.HasEnded()) {
      work.error = CodeOfEnd(row.row, work);
      End(work);
    }
    moved.set_message_id(work.offered_by);
    moved.set_new_state(work.state);
    moved.set_reason(work.reason);
    moved.set_channel(work.channel);
    moved.set_source(work.source);
    moved.set_target(world_.history.module_id());
    moved.set_role(ack::v1::ROLE_TARGET);
    moved.set_attempt(work.offered_attempt);
    moved.set_retry_count(work.offered_attempt == 0 ? 0 : work.offered_attempt - 1);
    if (CodeOf(work) != ack::v1::ERROR_CODE_UNSPECIFIED) {
      moved.mutable_details()->set_error_code(CodeOf(work));
    }
    Reason why = firing.reason;
    if (cell.reason == ack::v1::REASON_HANDLER_STARTED && StandsInLine(work)) {
      why.requirement = "CMB-ORD-002";
    }
    NameKeys(world_.Expect(why, std::move(event)), work, work.offered_by);
  }
  for (const TargetEffect effect : cell.effects) {
    Firing now = firing;
    now.reason.requirement = TheTargetTable().RequirementOf(row, cell, effect);
    Do(effect, now);
    firing.message = now.message;
  }
  Work* work = firing.work;
  if (cell.then) {
    Then(*cell.then, firing);
  } else if (work != nullptr &&
             (cell.kind == CellKind::kCreate || cell.reason == ack::v1::REASON_RESEND) &&
             !work->is_tombstone) {
    work->offered = false;
    if (!IsOrdered() || work->stream.empty()) {
      Offer(*work);
    }
  }
}

// The life has ended on arrival, or the CANCEL that left a tombstone is judged anew.
void TargetModel::Then(TargetRow row, Firing& firing) {
  Work& work = *firing.work;
  if (row == TargetRow::kTtlEnds) {
    // Of shared work that is reopened another message may still have life.
    if (work.life_end_ms <= world_.now_ms) {
      return Apply(row, &work, nullptr, nullptr);
    }
    if (!IsOrdered() || work.stream.empty()) {
      Offer(work);
    }
    return;
  }
  Ack cancel = Made(ack::v1::ACK_TYPE_CANCEL, ack::v1::STATUS_UNSPECIFIED);
  cancel.set_correlation_id(firing.frame->header->message_id());
  cancel.set_attempt(kept_cancel_);
  TakeCancel(work.source, cancel);
}

ack::v1::ErrorCode TargetModel::CodeOfEnd(TargetRow row, const Work& work) const {
  const auto own = work.script.error_code();
  switch (row) {
    case TargetRow::kHandlerRefuses:
    case TargetRow::kHandlerFails:
      return work.ends_with_life                      ? ack::v1::ERROR_CODE_TOOL_TIMEOUT
             : own == ack::v1::ERROR_CODE_UNSPECIFIED ? ack::v1::ERROR_CODE_INTERNAL_ERROR
                                                      : own;
    case TargetRow::kTtlEnds:
      return ack::v1::ERROR_CODE_TTL_EXPIRED;
    case TargetRow::kHandlerStops:
    case TargetRow::kCancel:
    case TargetRow::kCancelRefusedRetryably:
      return ack::v1::ERROR_CODE_CANCELLED;
    case TargetRow::kRestartDurable:
      return ack::v1::ERROR_CODE_INTERRUPTED;
    case TargetRow::kMessageNewWork:
    case TargetRow::kMessageNewWorkTtl0:
    case TargetRow::kMessageTableFull:
    case TargetRow::kMessageCopy:
    case TargetRow::kMessageAttaches:
    case TargetRow::kMessageAttachesRefused:
    case TargetRow::kMessageAttachesTombstone:
    case TargetRow::kMessageTombstone:
    case TargetRow::kMessageReopens:
    case TargetRow::kMessageReopensTtl0:
    case TargetRow::kHandlerHolds:
    case TargetRow::kHandlerStarts:
    case TargetRow::kHandlerStartsAnnounced:
    case TargetRow::kHandlerProgresses:
    case TargetRow::kHandlerSucceeds:
    case TargetRow::kCancelBasic:
    case TargetRow::kCancelRoom:
    case TargetRow::kCancelTableFull:
    case TargetRow::kCancelAskedBefore:
    case TargetRow::kCancelTombstone:
    case TargetRow::kAnyOtherAck:
    case TargetRow::kRecordExpires:
    case TargetRow::kRestartDurableResumable:
    case TargetRow::kRestartNotDurable:
      return ack::v1::ERROR_CODE_UNSPECIFIED;
  }
  return ack::v1::ERROR_CODE_UNSPECIFIED;
}

void TargetModel::Reopen(Firing& firing) {
  Work& work = *firing.work;
  work.offered_by = firing.frame->header->message_id();
  work.offered_attempt = std::max<std::uint32_t>(firing.frame->header->attempt(), 1);
  work.arrival_ms = world_.now_ms;
  work.place = ++places_;
  work.error = ack::v1::ERROR_CODE_UNSPECIFIED;
  work.answer.reset();
  work.stage.reset();
  work.life_end_ms = 0;
  world_.timers.Disarm(work.source, work.maker, ack::v1::TIMER_KIND_RECORD_EXPIRY);
}

// What ends with the work.
void TargetModel::End(Work& work) {
  if (work.reason == ack::v1::REASON_TTL_EXPIRED) {
    Passes(work);
  }
  work.acts.clear();
  work.stage.reset();
  work.asked_to_stop = false;
  world_.timers.Disarm(work.source, work.maker, ack::v1::TIMER_KIND_HANDLER);
  world_.timers.Disarm(work.source, work.maker, ack::v1::TIMER_KIND_TTL);
  work.remember_until_ms =
      std::max(work.remember_until_ms, Later(world_.now_ms, 2 * world_.history.max_latency_ms()));
  ArmExpiry(work);
}

void TargetModel::ArmExpiry(Work& work) {
  if (work.HasEnded()) {
    world_.timers.Arm(work.source, work.maker, ack::v1::TIMER_KIND_RECORD_EXPIRY,
                      Later(work.remember_until_ms, 1),
                      work.is_tombstone ? "CMB-CXL-010" : "CMB-DUP-008");
  }
}

// long because: one case for each effect
void TargetModel::Do(TargetEffect effect, Firing& firing) {
  switch (effect) {
    case TargetEffect::kSendReceiptSuccess:
      return SendReceipt(firing, ack::v1::STATUS_SUCCESS);
    case TargetEffect::kSendReceiptRejected:
      return SendReceipt(firing, ack::v1::STATUS_REJECTED);
    case TargetEffect::kSendReceiptAgain:
      return SendReceiptAgain(firing);
    case TargetEffect::kSendExecutionAckSuccess:
      return SendEnd(firing, ack::v1::STATUS_SUCCESS);
    case TargetEffect::kSendExecutionAckFailure:
      return SendEnd(firing, ack::v1::STATUS_FAILURE);
    case TargetEffect::kSendExecutionAckRejected:
      return SendEnd(firing, ack::v1::STATUS_REJECTED);
    case TargetEffect::kSendExecutionAckFailureCancelled:
      return SendCancelled(firing);
    case TargetEffect::kSendRecordedAck:
      return SendEndTo(firing, std::max<std::uint32_t>(firing.frame->header->attempt(), 1),
                       RouterOf(*firing.frame));
    case TargetEffect::kSendTerminalAgain:
      for (const std::string& router : firing.message->routers) {
        SendEndTo(firing, firing.message->highest, router);
      }
      return;
    case TargetEffect::kSendUnsent:
      return SendUnsent(firing);
    case TargetEffect::kAttach:
      if (firing.message == nullptr) {
        firing.work->messages.push_back({firing.frame->header->message_id(), 0, 0, 0, ""});
        firing.message = &firing.work->messages.back();
        // A message that makes or joins work brings its life; `arm ttl` and `extend life` use it.
        SetLife(firing);
      }
      return;
    case TargetEffect::kRaiseAttempt:
      return Receive(firing);
    case TargetEffect::kExtendLifetime:
      return ExtendLifetime(firing);
    case TargetEffect::kArmTtl:
    case TargetEffect::kExtendLife:
      return SetLife(firing);
    case TargetEffect::kDisarmTtl:
    case TargetEffect::kDropWork:
      return;  // The end of the work does it.
    case TargetEffect::kSendCurrentAck:
      return SendStageAgain(firing);
    case TargetEffect::kSendHeldInProgress:
      firing.work->was_held = true;
      return SendStage(firing, firing.work->hold_end_ms - world_.now_ms, std::nullopt);
    case TargetEffect::kSendInProgress:
      return SendStage(firing, std::nullopt, std::nullopt);
    case TargetEffect::kSendProgressAck:
      return SendStage(firing, std::nullopt, firing.act->percent);
    case TargetEffect::kTellHandler:
      return TellHandler(*firing.work);
    case TargetEffect::kAskHandlerToStop:
      return AskToStop(*firing.work);
    case TargetEffect::kDropTombstone:
      kept_cancel_ =
          Find(firing.work->source, firing.frame->header->message_id())->cancelled_attempt;
      return Join(firing);
    case TargetEffect::kDropRefused:
      return Join(firing);
    case TargetEffect::kOfferAgain:
      return OfferAgain(*firing.work);
    case TargetEffect::kResumeHandler:
      return;  // No handler of a test is resumable.
    case TargetEffect::kStartHandler:
      return StartHandler(firing);
  }
}

void TargetModel::StartHandler(const Firing& firing) {
  Work& work = *firing.work;
  ++MessageIn(work, work.offered_by)->executions;
  ack::v1::Event event;
  ack::v1::Execution& start = *event.mutable_execution();
  start.set_message_id(work.offered_by);
  start.set_source(work.source);
  start.set_target(world_.history.module_id());
  start.set_idempotency_key(work.key);
  start.set_attempt(work.offered_attempt);
  world_.Expect(firing.reason, std::move(event));
}

}  // namespace cmb::conformance::oracle::tables::target
