// Dead letters of a DURABLE router: their end by age, redrive and purge (chapter 15).
#include <algorithm>

#include "conformance/oracle/tables/router_machine.h"

namespace cmb::conformance::oracle::tables::router {
namespace {

using ack::v1::ErrorCode;
using ack::v1::Query;

const std::string& SourceAskedFor(const ack::v1::CognitiveMessage& asked) {
  return asked.query().source().empty() ? asked.source() : asked.query().source();
}

// What a redrive sends (the table of 15.1).
ack::v1::CognitiveMessage RedriveOf(const Record& letter, const std::string& message_id) {
  ack::v1::CognitiveMessage header = letter.copy.header;
  if (header.idempotency_key().empty()) {
    header.set_idempotency_key(letter.message_id());
  }
  header.set_redrive_of(letter.message_id());
  header.set_message_id(message_id);
  header.set_attempt(1);
  header.set_ttl_ms(letter.came_ttl_ms);
  return header;
}

}  // namespace

void Machine::Housekeep() {
  if (!bounds_.IsDurable()) {
    return;
  }
  for (auto& [key, record] : memory_.records()) {
    if (record.dead_letter && world_.now_ms > Later(record.changed_ms, bounds_.dead_letter_ms())) {
      ++counters_.expired_dead_letters;
      ApplyToLetter(RouterTrigger::kLetterExpires, record);
    }
  }
}

void Machine::ApplyToLetter(RouterTrigger trigger, Record& letter) {
  Step step;
  step.trigger = trigger;
  step.key = letter.key;
  step.record = &letter;
  Apply(step);
}

// Null: there is no such dead letter. One that is there is not forgotten (CMB-DLQ-002).
Record* Machine::LetterOf(const Key& key) {
  const auto found = memory_.records().find(key);
  return found != memory_.records().end() && found->second.dead_letter ? &found->second : nullptr;
}

// It was redriven before, so it is refused now.
bool Machine::IsSpentLetter(const ack::v1::CognitiveMessage& asked,
                            const ack::v1::QueryReply& reply) const {
  const auto found = memory_.records().find({SourceAskedFor(asked), asked.query().message_id()});
  return asked.query().kind() == ack::v1::QUERY_KIND_REDRIVE &&
         reply.error_code() == ack::v1::ERROR_CODE_VALIDATION_ERROR &&
         found != memory_.records().end() && found->second.state == ack::v1::STATE_DEAD_LETTERED &&
         !found->second.dead_letter;
}

// It is there, and its redrive would be longer than its target takes.
bool Machine::IsLongLetter(const ack::v1::CognitiveMessage& asked) const {
  const auto found = memory_.records().find({SourceAskedFor(asked), asked.query().message_id()});
  return asked.query().kind() == ack::v1::QUERY_KIND_REDRIVE && found != memory_.records().end() &&
         found->second.dead_letter && !MayBeRedriven(found->second);
}

// CMB-DLQ-013. Where there is no id it was refused, and the longest might have been made.
bool Machine::MayBeRedriven(const Record& letter) const {
  const std::string id =
      world_.decided.ids.empty() ? std::string(kLongestId, 'x') : world_.decided.ids.front();
  const std::uint64_t bound = bounds_.header_bytes().value_or(kTakenBytes);
  return RedriveOf(letter, id).ByteSizeLong() <= std::min(bound, kTakenBytes);
}

// CMB-DLQ-007 and CMB-DLQ-010.
ErrorCode Machine::RefusalOfRedrive(const Record* letter, bool accepts_second) {
  if (letter == nullptr || !MayBeRedriven(*letter)) {
    return ack::v1::ERROR_CODE_VALIDATION_ERROR;
  }
  const std::uint64_t arrives_ms =
      Later(Later(world_.now_ms, DeliveryPhaseMs(letter->copy.header.policy())),
            bounds_.max_latency_ms());
  if (!accepts_second && letter->forwarded_at_ms &&
      arrives_ms > Later(*letter->forwarded_at_ms, bounds_.key_window_ms())) {
    return ack::v1::ERROR_CODE_DUPLICATE_DETECTED;
  }
  if (!memory_.HasRoomForRedrive(letter->source(), letter->target)) {
    return ack::v1::ERROR_CODE_BUFFER_FULL;
  }
  return Route(letter->target);
}

ErrorCode Machine::Redrive(const ack::v1::CognitiveMessage& asked, ack::v1::QueryReply& reply) {
  Record* letter = LetterOf({SourceAskedFor(asked), asked.query().message_id()});
  const ErrorCode refusal = RefusalOfRedrive(letter, asked.query().accept_second_execution());
  if (refusal != ack::v1::ERROR_CODE_UNSPECIFIED) {
    return refusal;
  }
  reply.set_redriven_id(world_.MadeId());
  ApplyToLetter(RouterTrigger::kRedrive, *letter);
  const ack::v1::CognitiveMessage header = RedriveOf(*letter, reply.redriven_id());
  Step step;
  step.trigger = RouterTrigger::kRedriven;
  step.header = &header;
  step.attempt = 1;
  step.key = {letter->source(), reply.redriven_id()};
  step.redrives = letter;
  Apply(step);
  return refusal;
}

void Machine::Purge(const ack::v1::CognitiveMessage& asked, ack::v1::QueryReply& reply) {
  const std::string& source = SourceAskedFor(asked);
  const std::string& message_id = asked.query().message_id();
  std::uint32_t purged = 0;
  for (auto& [key, record] : memory_.records()) {
    if (record.dead_letter && key.first == source &&
        (message_id.empty() || key.second == message_id)) {
      ++purged;
      ApplyToLetter(RouterTrigger::kPurge, record);
    }
  }
  reply.set_purged_count(purged);
}

ack::v1::DeadLetter Machine::LetterText(const Record& record) const {
  const ack::v1::CognitiveMessage& copy = record.copy.header;
  ack::v1::DeadLetter letter;
  letter.set_message_id(record.message_id());
  letter.set_source(record.source());
  letter.set_target(record.target);
  letter.set_channel(record.channel);
  letter.set_idempotency_key(copy.idempotency_key().empty() ? record.message_id()
                                                            : copy.idempotency_key());
  letter.set_reason(record.reason);
  letter.set_error_code(record.error_code);
  letter.set_attempt(record.current);
  letter.set_age_ms(world_.now_ms - record.changed_ms);
  letter.set_payload_bytes(record.copy.payload.size);
  letter.set_ttl_ms(record.came_ttl_ms);
  letter.set_redrive_of(record.is_redrive ? copy.redrive_of() : "");
  if (record.forwarded_at_ms) {
    letter.set_forwarded_at_ms(*record.forwarded_at_ms);
  }
  return letter;
}

}  // namespace cmb::conformance::oracle::tables::router
