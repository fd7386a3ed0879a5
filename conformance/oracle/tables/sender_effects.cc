// The effects of the sender's table, one function each, and those on timers and certainty.
#include <algorithm>

#include "conformance/oracle/tables/sender_machine.h"
#include "conformance/oracle/tables/sender_telling.h"

namespace cmb::conformance::oracle::tables::sender {
namespace {

using ack::v1::Ack;
using ack::v1::Certainty;

constexpr std::string_view kCertainty = "CMB-LATE-012";
constexpr std::string_view kRaised = "CMB-LATE-014";

// 9.4, row 5.
bool ProvesNothingStarted(const Ack& ack, std::uint64_t since_send_ms) {
  const bool cancelled = ack.status() == ack::v1::STATUS_FAILURE &&
                         ack.error_code() == ack::v1::ERROR_CODE_CANCELLED && ack.has_started() &&
                         !ack.started();
  return (cancelled || ack.status() == ack::v1::STATUS_REJECTED) && ack.has_memory_ms() &&
         ack.memory_ms() >= since_send_ms;
}

}  // namespace

// long because: one line for each effect.
void Machine::Do(SenderEffect effect, Step& step) {
  Record& record = step.record;
  const std::string& source = world_.history.module_id();
  switch (effect) {
    case SenderEffect::kSendMessage:
      return SendMessage(step);
    case SenderEffect::kSendTimeout:
      return SendTimeout(step);
    case SenderEffect::kSendCancel:
      return SendCancel(record, WhyOf(effect, step));
    case SenderEffect::kArmRouterAck:
      return ArmPhase(step, ack::v1::TIMER_KIND_ROUTER_ACK, record.policy.router_ack_ms,
                      RequirementOfPhase(record.send.policy().router_ack_ms(), "CMB-TMR-003"));
    case SenderEffect::kArmDeliveryAck:
      return ArmPhase(
          step, ack::v1::TIMER_KIND_DELIVERY_ACK, record.policy.delivery_ack_ms,
          step.waited ? "CMB-RTY-007"
                      : RequirementOfPhase(record.send.policy().delivery_ack_ms(), "CMB-TMR-003"));
    case SenderEffect::kArmExecution:
      return ArmExecution(step);
    case SenderEffect::kArmBackoff:
      return ArmPhase(step, ack::v1::TIMER_KIND_BACKOFF, record.wait_ms, "CMB-TMR-003");
    case SenderEffect::kArmCancel:
      return ArmCancel(record);
    case SenderEffect::kDisarmCancel:
      return world_.timers.Disarm(source, record.message_id, ack::v1::TIMER_KIND_CANCEL);
    case SenderEffect::kArmTtl:
      return world_.timers.Arm(source, record.message_id, ack::v1::TIMER_KIND_TTL,
                               Later(world_.now_ms, record.life_ms), "CMB-TMR-004");
    case SenderEffect::kDisarmPhase:
      return DisarmPhase(record);
    case SenderEffect::kDisarmTtl:
      return world_.timers.Disarm(source, record.message_id, ack::v1::TIMER_KIND_TTL);
    case SenderEffect::kEmitRetry:
      return EmitRetry(step);
    case SenderEffect::kEmitProgress:
      world_.Expect(WhyOf(effect, step), ProgressOf(world_, record, *step.cause.ack));
      return;
    case SenderEffect::kRaiseAlert:
      return Raise(step);
    case SenderEffect::kResolveAlert:
      return Revise(step, record.proof_was_wrong ? ack::v1::ALERT_STATE_UPDATED
                                                 : ack::v1::ALERT_STATE_RESOLVED);
    case SenderEffect::kUpdateAlert:
      return Revise(step, ack::v1::ALERT_STATE_UPDATED);
    case SenderEffect::kMarkDeadLetter:
      record.dead_letter = true;
      return;
    case SenderEffect::kClearDeadLetter:
      record.dead_letter = false;
      return;
    case SenderEffect::kNoteRejection:
      record.rejected.insert(record.attempt);
      return;
    case SenderEffect::kAttestStart:
      record.start_attested = record.start_attested || AttestsStart(*step.cause.ack);
      return;
    case SenderEffect::kRestore:
      return;  // The model has kept them.
    case SenderEffect::kCertaintyUnknown:
      return SetCertainty(record, ack::v1::CERTAINTY_UNKNOWN, kCertainty);
    case SenderEffect::kCertaintyNotExecuted:
      return SetCertainty(
          record, record.own_key ? ack::v1::CERTAINTY_NOT_EXECUTED : ack::v1::CERTAINTY_UNKNOWN,
          step.cell->kind == CellKind::kGo ? kCertainty : step.why.requirement);
    case SenderEffect::kCertaintyExecuted:
      return SetCertainty(record, ack::v1::CERTAINTY_EXECUTED,
                          step.cell->kind == CellKind::kGo ? kCertainty : kRaised);
    case SenderEffect::kCertaintyByAck:
      return SetCertainty(record, CertaintyBy(record, *step.cause.ack), kCertainty);
    case SenderEffect::kRaiseCertainty:
      if (AttestsStart(*step.cause.ack)) {
        SetCertainty(record, ack::v1::CERTAINTY_EXECUTED, kRaised);
      }
      return;
  }
}

Reason Machine::WhyOf(SenderEffect effect, const Step& step) const {
  Reason why = step.why;
  const std::string_view own = TheSenderTable().effects.at(effect).requirement;
  why.requirement = own.empty() ? why.requirement : own;
  return why;
}

// ---------------------------------------------------------------- timers

void Machine::ArmPhase(Step& step, ack::v1::TimerKind kind, std::uint64_t wait_ms,
                       std::string_view requirement) {
  world_.timers.Arm(world_.history.module_id(), step.record.message_id, kind,
                    Later(world_.now_ms, wait_ms), requirement);
}

// CMB-PRG-003, and CMB-PRG-011 in EXECUTING.
void Machine::ArmExecution(Step& step) {
  const Ack& ack = *step.cause.ack;
  const bool again = step.from == ack::v1::STATE_EXECUTING;
  const std::uint64_t hold_ms = std::min(ack.hold_ms(), kLongestMs);
  const std::string_view requirement =
      ack.has_hold_ms() ? "CMB-PRG-003"
      : again           ? "CMB-PRG-011"
      : step.waited     ? "CMB-RTY-007"
                    : RequirementOfPhase(step.record.send.policy().execution_ms(), "CMB-TMR-003");
  ArmPhase(step, ack::v1::TIMER_KIND_EXECUTION, Later(step.record.policy.execution_ms, hold_ms),
           requirement);
}

// CMB-CXL-015: not if the reconcile window ends before.
void Machine::ArmCancel(Record& record) {
  if (record.attempt == 0) {
    return;
  }
  const Wait wait = jitter_.Of(BackoffBase(record.policy, record.cancels_repeated + 1));
  const auto at_ms = [&](std::uint64_t wait_ms) {
    return Later(world_.now_ms, std::max(wait_ms, record.policy.router_ack_ms));
  };
  const std::uint64_t last_ms = Later(record.entered_ms, record.window_ms);
  jitter_.Next();  // Whether it is armed or not (7.5).
  if (at_ms(wait.shortest_ms) <= last_ms) {
    world_.timers.Arm(world_.history.module_id(), record.message_id, ack::v1::TIMER_KIND_CANCEL,
                      at_ms(wait.longest_ms) <= last_ms ? at_ms(wait.longest_ms) : kPerhapsMs,
                      "CMB-CXL-015", at_ms(wait.shortest_ms));
  }
}

// CMB-LATE-001 and CMB-LATE-009, each with its last instant included.
void Machine::ArmExpiry(const Record& record) {
  const std::string& source = world_.history.module_id();
  const auto& settings = world_.history.settings();
  const std::uint64_t latency = settings.has_max_latency_ms() ? settings.max_latency_ms() : 30'000;
  const std::uint64_t frozen = Later(Later(world_.now_ms, record.window_ms), 1);
  const bool own_window = record.send.has_reconcile_window_ms();
  world_.timers.Disarm(source, record.message_id, ack::v1::TIMER_KIND_RECONCILE);
  if (record.state == ack::v1::STATE_TIMEOUT_ABORT) {
    world_.timers.Arm(source, record.message_id, ack::v1::TIMER_KIND_RECONCILE, frozen,
                      own_window ? "CMB-LATE-019" : "CMB-LATE-001");
  }
  world_.timers.Arm(source, record.message_id, ack::v1::TIMER_KIND_RECORD_EXPIRY,
                    Later(frozen, 2 * latency), own_window ? "CMB-LATE-019" : "CMB-LATE-009");
}

void Machine::DisarmPhase(const Record& record) {
  for (const auto kind : {ack::v1::TIMER_KIND_ROUTER_ACK, ack::v1::TIMER_KIND_DELIVERY_ACK,
                          ack::v1::TIMER_KIND_EXECUTION, ack::v1::TIMER_KIND_BACKOFF}) {
    world_.timers.Disarm(world_.history.module_id(), record.message_id, kind);
  }
}

// CMB-RTY-008, -009.
void Machine::DrawWait(Record& record) {
  record.wait_ms = world_.ToldWait(jitter_.Of(BackoffBase(record.policy, record.attempt)),
                                   world_.history.module_id(), record.message_id);
  jitter_.Next();
}

// ---------------------------------------------------------------- certainty

// CMB-LATE-013, and row 3 of 9.4.
void Machine::SetCertainty(Record& record, Certainty certainty, std::string_view requirement) {
  const Certainty had = record.certainty;
  if (record.start_attested || had == ack::v1::CERTAINTY_EXECUTED) {
    record.certainty = ack::v1::CERTAINTY_EXECUTED;
  } else if (had != ack::v1::CERTAINTY_NOT_EXECUTED || certainty == ack::v1::CERTAINTY_EXECUTED) {
    record.certainty = certainty;
  }
  const bool kept = record.certainty == had && certainty != had;
  if (kept || record.certainty != had) {
    record.certainty_rests_on = kept ? "CMB-LATE-013" : requirement;
  }
}

Certainty Machine::CertaintyBy(const Record& record, const Ack& ack) const {
  if (AttestsStart(ack)) {
    return ack::v1::CERTAINTY_EXECUTED;
  }
  return record.own_key && ProvesNothingStarted(ack, world_.now_ms - record.created_ms)
             ? ack::v1::CERTAINTY_NOT_EXECUTED
             : ack::v1::CERTAINTY_UNKNOWN;
}

}  // namespace cmb::conformance::oracle::tables::sender
