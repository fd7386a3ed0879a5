// What the cells of the router's table ask for: one act for each effect.
#include <algorithm>

#include "conformance/oracle/tables/router_machine.h"

namespace cmb::conformance::oracle::tables::router {

using ack::v1::TIMER_KIND_DELIVERY_PHASE;
using ack::v1::TIMER_KIND_REDELIVERY;
using ack::v1::TIMER_KIND_TTL;

void Machine::Do(RouterEffect effect, Step& step, const Reason& reason) {
  switch (effect) {
    case RouterEffect::kSendRouterAckSuccess:
      return SendAnswer(step, reason, ack::v1::ACK_TYPE_ROUTER_ACK, ack::v1::STATUS_SUCCESS,
                        ack::v1::ERROR_CODE_UNSPECIFIED);
    case RouterEffect::kSendRouterAckRejected:
      return SendRefusal(step, reason);
    case RouterEffect::kSendDeliveryAckSuccess:
      return SendDelivered(step, reason);
    case RouterEffect::kSendDeliveryAckFailureCancelled:
      return SendNeverForwarded(step, reason);
    case RouterEffect::kSendTimeoutAckTimeout:
      return SendTimeout(step, reason, ack::v1::ERROR_CODE_ACK_TIMEOUT);
    case RouterEffect::kSendTimeoutBufferFull: {
      SendTimeout(step, reason, ack::v1::ERROR_CODE_BUFFER_FULL);
      const std::string_view own = memory_.OfRoomForMarks();
      world_.expected.items.back().fields = {{"ack.ack_type", own.empty() ? "CMB-RTR-030" : own}};
      return;
    }
    case RouterEffect::kSendTimeoutTtlExpired:
      return SendTimeout(step, reason, ack::v1::ERROR_CODE_TTL_EXPIRED);
    case RouterEffect::kSendTimeoutChannelMismatch:
      return SendTimeout(step, reason, ack::v1::ERROR_CODE_CHANNEL_MISMATCH);
    case RouterEffect::kSendStoredTerminal:
      return SendStored(step, reason);
    case RouterEffect::kPassOn:
      return PassOn(step, reason);
    case RouterEffect::kForward:
      return Forward(step, reason);
    case RouterEffect::kAdoptAttempt:
      return;  // It came before the event.
    case RouterEffect::kStartPhase:
      step.record->deliveries = {};
      step.starts_phase = true;
      return ArmPhase(*step.record);
    case RouterEffect::kCountAnew:
      step.record->deliveries.CountAnew();
      return ArmPhase(*step.record);
    case RouterEffect::kArmRedelivery:
      return ArmRedelivery(*step.record);
    case RouterEffect::kArmTtl:
      return ArmTtl(*step.record, step.header->ttl_ms());
    case RouterEffect::kDisarm:
      return Disarm(step.key);
    case RouterEffect::kEmitRetry:
      return EmitRetry(*step.record, reason);
    case RouterEffect::kCloseAttempts:
      return CloseAttempts(step);
    case RouterEffect::kStoreTerminal:
      return StoreTerminal(step);
    case RouterEffect::kClearDeadLetter:
      step.record->dead_letter = false;
      return;
    case RouterEffect::kMakeRedrive:
      return;  // router_letters.cc, which knows the new message_id.
    case RouterEffect::kRestore:
      return Restore(step);
  }
}

// ---------------------------------------------------------------- forwards

void Machine::Forward(Step& step, const Reason& reason) {
  Record& record = *step.record;
  if (world_.now_ms >= record.life_end_ms) {
    return;  // CMB-TMR-007; the TTL timer fires.
  }
  ++record.deliveries.count;
  const std::uint64_t remains_ms = record.life_end_ms - world_.now_ms;
  if (Reaches(record.target)) {
    ExpectedFrame frame{record.channel, record.target, record.copy.header, record.copy.payload,
                        record.copy.header_bytes};
    if (remains_ms != frame.header.ttl_ms()) {  // CMB-WIRE-008.
      frame.header.set_ttl_ms(remains_ms);
      frame.header_bytes.reset();
    }
    ExpectedItem& item = world_.Expect(reason, std::move(frame));
    item.fields = step.redrives == nullptr ? OfForward() : OfRedrive();
    if (world_.history.Declares(ack::v1::FEATURE_ORDERED) &&
        !record.copy.header.stream_id().empty()) {
      item.fields.emplace_back("order", "CMB-ORD-001");
    }
    record.forwarded_at_ms = record.forwarded_at_ms.value_or(world_.now_ms);
  }
  if (step.starts_phase) {
    ArmRedelivery(record);
  }
}

// Over a restart nobody knows how long ago it had ended.
std::uint64_t Machine::WaitThatEnded(const Record& record) const {
  Wait wait = record.deliveries.wait;
  const std::uint64_t passed_ms = world_.now_ms - record.deliveries.armed_ms;
  if (record.deliveries.armed_ms >= counters_.began_ms) {
    return wait.Nearest(passed_ms);
  }
  wait.longest_ms = std::max(wait.shortest_ms, std::min(wait.longest_ms, passed_ms));
  return world_.ToldWait(wait, record.source(), record.message_id());
}

// CMB-OBS-006: with the number of forwards so far.
void Machine::EmitRetry(Record& record, const Reason& reason) {
  record.last_retry_ms = world_.now_ms;
  ack::v1::Event event;
  ack::v1::RetryEvent& retry = *event.mutable_retry();
  retry.set_message_id(record.message_id());
  retry.set_role(ack::v1::ROLE_ROUTER);
  retry.set_reason(ack::v1::REASON_RECEIPT);
  retry.set_attempt(record.current);
  retry.set_delivery_count(record.deliveries.count);
  retry.set_backoff_ms(WaitThatEnded(record));
  retry.set_source(record.source());
  retry.set_target(record.target);
  auto& fields = world_.Expect(reason, std::move(event)).fields;
  fields = {{"retry.backoff_ms",
             RequirementOfWaits(record.copy.header.policy(), world_.history.settings())}};
  if (record.deliveries.kept) {
    fields.emplace_back("retry.delivery_count", "CMB-DUR-002");
  }
}

// ---------------------------------------------------------------- timers

void Machine::ArmPhase(const Record& record) {
  const std::uint64_t told_ms = record.copy.header.policy().delivery_ack_ms();
  world_.timers.Arm(
      record.source(), record.message_id(), TIMER_KIND_DELIVERY_PHASE,
      Later(world_.now_ms, DeliveryPhaseMs(record.copy.header.policy())),
      RequirementOfPhase(told_ms, told_ms > kLongestWaitMs ? "CMB-RTR-037" : "CMB-RTR-012"));
}

void Machine::ArmRedelivery(Record& record) {
  if (record.deliveries.count >= bounds_.max_deliveries()) {
    return;
  }
  Deliveries& deliveries = record.deliveries;
  deliveries.wait = jitter_.Of(BackoffBase(Told(record.copy.header.policy()), ++deliveries.waits));
  jitter_.Next();
  deliveries.armed_ms = world_.now_ms;
  world_.timers.Arm(record.source(), record.message_id(), TIMER_KIND_REDELIVERY,
                    Later(world_.now_ms, deliveries.wait.longest_ms),
                    RequirementOfWaits(record.copy.header.policy(), world_.history.settings()),
                    Later(world_.now_ms, deliveries.wait.shortest_ms));
}

void Machine::ArmTtl(Record& record, std::uint64_t ttl_ms) {
  const std::uint64_t end_ms = Later(world_.now_ms, std::min(ttl_ms, bounds_.max_ttl_ms()));
  record.life_end_ms = std::max(record.life_end_ms, end_ms);
  world_.timers.Arm(record.source(), record.message_id(), TIMER_KIND_TTL, record.life_end_ms,
                    "CMB-RTR-013");
}

void Machine::Disarm(const Key& key) {
  for (const auto kind : {TIMER_KIND_REDELIVERY, TIMER_KIND_DELIVERY_PHASE, TIMER_KIND_TTL}) {
    world_.timers.Disarm(key.first, key.second, kind);
  }
}

void Machine::Restore(const Step& step) {
  for (auto& [judged, before_restart] : step.record->judged) {
    before_restart = true;
  }
}

// ---------------------------------------------------------------- what is kept

void Machine::CloseAttempts(Step& step) {
  Record* record = step.record;
  if (record == nullptr) {
    // Of another's id the ACK is counted all the same (CMB-SEC-002).
    if (memory_.MayMark(step.key)) {
      memory_.LeaveMark(step.key, step.attempt);
    }
    return;
  }
  if (step.ack != nullptr && record->may_be_gone) {
    memory_.LeaveMark(step.key, step.attempt);  // It is there where the record is forgotten.
  }
  const bool timer = step.ack == nullptr && step.frame == nullptr;
  record->closed = std::max(record->closed, timer ? record->current : step.attempt);
  if (record->state == ack::v1::STATE_DEAD_LETTERED) {
    record->closed = std::max(record->closed, record->current);
  }
  if (record->state == ack::v1::STATE_REJECTED) {
    record->refused_at_ms = world_.now_ms;
    if (step.ack == nullptr) {
      record->refused.insert(step.attempt);
    }
  }
}

void Machine::StoreTerminal(const Step& step) {
  Bytes& stored = step.record->terminal.emplace();
  stored.header = step.in_batch ? Alone(*step.header, *step.ack) : *step.header;
  if (step.in_batch) {
    stored.payload = MakeFrameBytes("");
    return;
  }
  stored.header_bytes = step.frame->frame->frames.front();
  stored.payload = step.frame->frame->payload();
}

}  // namespace cmb::conformance::oracle::tables::router
