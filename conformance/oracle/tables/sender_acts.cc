// What the application asks of a sender.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/oracle/tables/sender_frames.h"
#include "conformance/oracle/tables/sender_model.h"
#include "conformance/oracle/tables/sender_sends.h"
#include "conformance/oracle/tables/sender_telling.h"
#include "proto/wire/profiles.h"

namespace cmb::conformance::oracle::tables::sender {

void SenderModel::Act(const ControlAct& act) {
  const control::v1::Request& request = act.request;
  switch (request.request_case()) {
    case control::v1::Request::kSend:
      return Send(act);
    case control::v1::Request::kCancel:
      return Cancel(request.cancel().message_id());
    case control::v1::Request::kGetTransaction:
      return Tell(request.get_transaction());
    case control::v1::Request::kScriptExecution:
      return Refuse("CMB-CTL-005", control::v1::ERROR_KIND_UNSUPPORTED);
    default:  // open enum; the others ask nothing of a sender.
      return;
  }
}

Record SenderModel::Made(const ControlAct& act) const {
  const auto& settings = world_.history.settings();
  Record record;
  record.message_id = fmt::format("{}{}", settings.id_prefix(), sends_ + 1);
  record.send = act.request.send();
  record.payload = act.payload;
  record.policy = Told(record.send.policy());
  record.life_ms = std::min(record.send.ttl_ms(), kLongestMs);
  record.created_ms = world_.now_ms;
  record.wall_ms = world_.wall_ms();
  record.channel = record.send.channel();
  record.own_key = record.key() == record.message_id;
  record.window_ms = record.send.has_reconcile_window_ms() ? record.send.reconcile_window_ms()
                     : settings.has_reconcile_window_ms()  ? settings.reconcile_window_ms()
                                                           : 300'000;
  return record;
}

// Of its header as it would be sent: with what it may leave out (CHO-012), or without.
std::size_t SenderModel::BytesOf(Record made, bool longest) const {
  made.attempt = 1;
  ack::v1::CognitiveMessage header = MessageOf(world_, made, made.life_ms).header;
  if (!longest) {
    header.clear_created_wall_ms();
    header.clear_features();
  }
  return header.ByteSizeLong();
}

void SenderModel::Send(const ControlAct& act) {
  Record made = Made(act);
  const auto in_flight = std::count_if(records_.begin(), records_.end(), [](const auto& known) {
    return !IsTerminal(known.second.state);
  });
  const std::size_t bytes = BytesOf(made, act.reply.has_error());
  if (IsRefused(world_, made.send, static_cast<std::size_t>(in_flight), bytes)) {
    refused_in_ = world_.exchange;
    return Refuse("CMB-SND-004", control::v1::ERROR_KIND_BAD_REQUEST);
  }
  ++sends_;
  control::v1::Reply reply;
  reply.mutable_sent_message()->set_message_id(made.message_id);
  Reply("CMB-CTL-010", std::move(reply));
  world_.expected.reply->fields = {{"error", "CMB-SND-004"}};
  Cause cause;
  cause.circuit_refuses = world_.history.Declares(ack::v1::FEATURE_CIRCUIT_BREAKER) &&
                          circuits_.Refuses(made.target(), world_.now_ms);
  if (world_.history.Declares(ack::v1::FEATURE_CIRCUIT_BREAKER)) {
    cause.circuit_says = circuit_says_ = circuits_.Reason(made.target(), world_.now_ms);
  }
  const std::string id = made.message_id;
  machine_.Take(SenderTrigger::kSend, records_[id] = std::move(made), cause);
}

void SenderModel::Cancel(const std::string& message_id) {
  if (!wire::Holds(world_.history.profile(), ack::v1::PROFILE_TRACKED)) {
    return Refuse("CMB-VER-012", control::v1::ERROR_KIND_UNSUPPORTED);
  }
  const auto known = records_.find(message_id);
  const bool over = known != records_.end() && IsTerminal(known->second.state) &&
                    (known->second.state != ack::v1::STATE_TIMEOUT_ABORT ||
                     known->second.cancel_sent || known->second.attempt == 0);
  if (over && IsOver(message_id)) {
    return;  // It does nothing, and does not show whether the record is forgotten.
  }
  if (Record* record = Find(message_id)) {
    Reply("CMB-CTL-015", {});
    machine_.Take(SenderTrigger::kCancelByTheApplication, *record, {});
  }
}

void SenderModel::Tell(const control::v1::GetTransaction& wanted) {
  control::v1::Reply reply;
  reply.mutable_transaction();
  const Record* record =
      wanted.source() == world_.history.module_id() ? Find(wanted.message_id()) : nullptr;
  if (record != nullptr) {
    *reply.mutable_transaction()->mutable_record() = TransactionOf(world_, *record);
  }
  Reply("CMB-INS-001", std::move(reply));
  if (!wire::Holds(world_.history.profile(), ack::v1::PROFILE_TRACKED)) {
    world_.expected.reply->leeway = {"record of a BASIC sender"};
  }
  world_.expected.reply->fields = {{"transaction.record.views", "CMB-INS-002"},
                                   {"transaction.record.ack_history", "CMB-INS-011"},
                                   {"transaction.record.last_retry_at_ms", "CMB-INS-012"}};
  if (record != nullptr && IsTerminal(record->state)) {
    world_.expected.reply->fields.emplace_back(kForgotten, "CMB-LATE-009");
  }
  if (process_ != 0) {
    world_.expected.reply->fields.emplace_back("transaction.record.attempt", "CMB-DUR-010");
  }
  if (record != nullptr) {
    world_.expected.reply->fields.emplace_back("transaction.record.certainty",
                                               record->certainty_rests_on);
    if (record->reason == ack::v1::REASON_LATE_EXECUTION_ACK) {
      world_.expected.reply->fields.emplace_back("transaction.record.dead_letter", "CMB-LATE-002");
    }
  }
}

void SenderModel::Reply(std::string_view requirement, control::v1::Reply reply) {
  world_.expected.reply = ExpectedReply{{requirement, "reply", "", world_.cause}, reply, {}, {}};
}

void SenderModel::Refuse(std::string_view requirement, control::v1::ErrorKind kind) {
  control::v1::Reply reply;
  reply.mutable_error()->set_kind(kind);
  Reply(requirement, std::move(reply));
}

}  // namespace cmb::conformance::oracle::tables::sender
