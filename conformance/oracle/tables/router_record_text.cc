// What a router tells of a record (2.6).
#include <algorithm>

#include "conformance/oracle/tables/router_machine.h"

namespace cmb::conformance::oracle::tables::router {
namespace {

// CMB-INS-011: of more than 32 the first 16 and the last 16.
void AddHistory(const Record& record, ack::v1::TransactionRecord& told) {
  constexpr std::size_t kEnds = 16;
  const std::size_t count = record.acks.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (count <= 2 * kEnds || i < kEnds || i >= count - kEnds) {
      *told.add_ack_history() = record.acks[i];
    }
  }
}

}  // namespace

ack::v1::TransactionRecord TextOf(const Record& record) {
  ack::v1::TransactionRecord told;
  told.set_message_id(record.message_id());
  told.set_role(ack::v1::ROLE_ROUTER);
  told.set_source(record.source());
  told.set_target(record.target);
  told.set_channel(record.channel);
  told.set_state(record.state);
  told.set_reason(record.reason);
  told.set_error_code(record.error_code);
  told.set_attempt(record.current);
  told.set_retry_count(record.current - 1);
  told.set_dead_letter(record.dead_letter);
  told.set_created_ms(record.created_ms);
  told.set_changed_ms(record.changed_ms);
  if (record.state == ack::v1::STATE_REJECTED) {
    return told;
  }
  const std::string& key = record.copy.header.idempotency_key();
  told.set_idempotency_key(key.empty() ? record.message_id() : key);
  told.set_delivery_count(record.deliveries.count);
  if (!record.acks.empty()) {
    told.set_last_ack_type(record.acks.back().ack_type());
    told.set_last_status(record.acks.back().status());
  }
  AddHistory(record, told);
  if (record.last_retry_ms) {
    told.set_last_retry_at_ms(*record.last_retry_ms);
  }
  return told;
}

ExpectedReply Machine::AnswerOf(const control::v1::GetTransaction& asked) {
  ExpectedReply answer;
  control::v1::Transaction& told = *answer.result.emplace().mutable_transaction();
  std::string_view requirement = "CMB-INS-001";
  const Record* record = memory_.Find({asked.source(), asked.message_id()});
  if (record != nullptr) {
    *told.mutable_record() = TextOf(*record);
    // Nothing has changed it since the restart.
    requirement = told.record().SerializeAsString() == record->kept ? "CMB-DUR-002" : requirement;
  }
  answer.reason = world_.Apply(requirement, "router, GetTransaction", asked.message_id());
  answer.leeway = {"router's record"};
  if (requirement == "CMB-INS-001") {
    answer.fields = {{"transaction.record.ack_history", "CMB-INS-011"},
                     {"transaction.record.last_retry_at_ms", "CMB-INS-012"}};
  }
  if (record != nullptr && record->state == ack::v1::STATE_SETTLED) {
    answer.fields.emplace_back(kForgotten, "CMB-RTR-025");
  }
  if (record != nullptr && record->deliveries.kept) {
    answer.fields.emplace_back("transaction.record.delivery_count", "CMB-DUR-002");
  }
  if (!bounds_.IsTracked()) {
    answer.leeway.push_back("record of a BASIC router");
  }
  return answer;
}

}  // namespace cmb::conformance::oracle::tables::router
