// The ACKs of a target.
#include <algorithm>

#include "conformance/oracle/tables/target_model.h"

namespace cmb::conformance::oracle::tables::target {
using ack::v1::Ack;

namespace {

constexpr std::size_t kLongestHeader = 65536;  // Of what it makes itself (CMB-WIRE-023).

}  // namespace

Ack Made(ack::v1::AckType type, ack::v1::Status status) {
  Ack ack;
  ack.set_ack_type(type);
  ack.set_status(status);
  return ack;
}

// The sentences of single fields.
void TargetModel::NameFields(ExpectedItem& item, const Ack& ack, const std::string& source) const {
  const bool refusal = ack.status() == ack::v1::STATUS_REJECTED;
  item.fields.emplace_back("ack.memory_ms", !refusal      ? "CMB-CXL-017"
                                            : IsDurable() ? "CMB-DUR-007"
                                                          : "CMB-TGT-015");
  if (ack.status() == ack::v1::STATUS_IN_PROGRESS) {
    item.fields.emplace_back("ack.progress_number", "CMB-PRG-010");
    item.fields.emplace_back("ack.hold_ms", "CMB-PRG-007");
  }
  if (ack.ack_type() == ack::v1::ACK_TYPE_RECEIPT) {
    item.fields.emplace_back("order", "CMB-TGT-002");
  }
  if (ack.ack_type() == ack::v1::ACK_TYPE_RECEIPT && ack.status() == ack::v1::STATUS_SUCCESS) {
    item.fields.emplace_back("ack.status", was_crowded_ ? kShares : "CMB-TGT-001");
  }
  const auto refused = refused_.find({source, ack.correlation_id()});
  if (refused != refused_.end() && refused->second > ack.attempt()) {
    item.fields.emplace_back("ack.attempt", "CMB-TGT-008");
  }
  const Work* work = Find(source, ack.correlation_id());
  if (work != nullptr && ack.ack_type() != ack::v1::ACK_TYPE_RECEIPT) {
    NameKeys(item, *work, ack.correlation_id());
  }
}

// Work whose key other work bore before, and messages that joined with another (8.2).
void TargetModel::NameKeys(ExpectedItem& item, const Work& work, const std::string& id) const {
  const bool joined =
      std::any_of(work.messages.begin(), work.messages.end(),
                  [&](const Message& message) { return message.id == id && message.joined; });
  if (joined || work.brought_again_in == world_.exchange) {
    for (const auto* field : {"missing", "instead", "ack.status"}) {
      item.fields.emplace_back(field, "CMB-DUP-010");
    }
  }
}

// The item that is expected; null: its ids alone make it too long, so nobody hears of it.
ExpectedItem* TargetModel::Send(const Reason& reason, const std::string& source, Ack ack,
                                const std::string& router, int unordered) {
  ExpectedFrame frame;
  frame.socket = world_.history.transcript().header.IngressOf(router);
  frame.peer = "@router";
  frame.header.set_schema_version(1);
  frame.header.set_msg_type(ack::v1::MSG_TYPE_ACK);
  frame.header.set_source(world_.history.module_id());
  frame.header.add_targets(source);
  if (ack.ack_type() == ack::v1::ACK_TYPE_RECEIPT) {
    frame.payload = MakeFrameBytes("");
  }
  *frame.header.mutable_ack() = std::move(ack);
  if (frame.header.ByteSizeLong() > kLongestHeader) {
    return nullptr;
  }
  ExpectedItem& item = world_.Expect(reason, std::move(frame));
  item.leeway.push_back("own ACK");
  item.unordered = restart_group_ != 0 ? restart_group_ : unordered;
  item.optional = is_optional_;
  if (!world_.history.transcript().header.other_routers.empty()) {
    item.fields.emplace_back("socket", unordered == 0 ? "CMB-FBK-006" : "CMB-FBK-007");
  }
  NameFields(item, std::get<ExpectedFrame>(item.what).header.ack(), source);
  return &item;
}

void TargetModel::SendReceipt(const Firing& firing, ack::v1::Status status) {
  Ack ack = Made(ack::v1::ACK_TYPE_RECEIPT, status);
  ack.set_correlation_id(firing.frame->header->message_id());
  ack.set_attempt(std::max<std::uint32_t>(firing.frame->header->attempt(), 1));
  if (status == ack::v1::STATUS_REJECTED) {
    ack.set_error_code(ack::v1::ERROR_CODE_BUFFER_FULL);
  }
  Send(firing.reason, firing.frame->header->source(), std::move(ack), RouterOf(*firing.frame));
}

std::string TargetModel::RouterOf(const FrameSeen& copy) const {
  return world_.history.transcript().header.RouterOf(copy.frame->socket);
}

void TargetModel::SendReceiptAgain(const Firing& firing) {
  SendToAll(firing, Made(ack::v1::ACK_TYPE_RECEIPT, ack::v1::STATUS_SUCCESS));
}

// The same to every message of the work, each with the highest attempt that came.
void TargetModel::SendToAll(const Firing& firing, const Ack& ack) {
  ++groups_;
  for (const Message& message : firing.work->messages) {
    if (message.highest == 0 && !firing.work->is_tombstone) {
      continue;
    }
    Ack own = ack;
    own.set_correlation_id(message.id);
    own.set_attempt(message.highest);
    Reason reason = firing.reason;
    reason.requirement = message.routers.size() > 1 ? "CMB-FBK-007" : reason.requirement;
    for (const std::string& router : message.routers) {
      Send(reason, firing.work->source, own, router, groups_);
    }
  }
}

void TargetModel::SendEndTo(const Firing& firing, std::uint32_t attempt,
                            const std::string& router) {
  Ack own = *firing.work->answer;
  own.set_correlation_id(firing.message->id);
  own.set_attempt(attempt);
  Send(firing.reason, firing.work->source, std::move(own), router);
}

void TargetModel::SendStage(const Firing& firing, std::optional<std::uint64_t> hold_ms,
                            std::optional<std::uint32_t> percent) {
  Ack ack = percent ? Made(ack::v1::ACK_TYPE_PROGRESS_ACK, ack::v1::STATUS_IN_PROGRESS)
                    : Made(ack::v1::ACK_TYPE_EXECUTION_ACK, ack::v1::STATUS_IN_PROGRESS);
  ack.set_progress_number(++firing.work->last_number);
  if (hold_ms) {
    ack.set_hold_ms(*hold_ms);
  }
  if (percent) {
    ack.set_percent(*percent);
  }
  firing.work->stage = ack;
  SendToAll(firing, ack);
}

// CMB-PRG-006: the last of the row, with what remains of a hold.
void TargetModel::SendStageAgain(const Firing& firing) {
  const Work& work = *firing.work;
  if (!work.stage) {
    return;
  }
  Ack ack = *work.stage;
  ack.set_correlation_id(firing.message->id);
  ack.set_attempt(std::max<std::uint32_t>(firing.frame->header->attempt(), 1));
  if (ack.has_hold_ms()) {
    ack.set_hold_ms(work.hold_end_ms > world_.now_ms ? work.hold_end_ms - world_.now_ms : 0);
  }
  Reason reason = firing.reason;
  reason.requirement = "CMB-PRG-006";
  ExpectedItem* item = Send(reason, work.source, std::move(ack), RouterOf(*firing.frame));
  if (item == nullptr) {
    return;
  }
  for (const auto* same : {"ack.progress_number", "ack.hold_ms"}) {
    item->fields.emplace_back(same, "CMB-PRG-006");
  }
}

void TargetModel::SendEnd(Firing& firing, ack::v1::Status status) {
  Work& work = *firing.work;
  Ack ack = Made(ack::v1::ACK_TYPE_EXECUTION_ACK, status);
  if (work.error != ack::v1::ERROR_CODE_UNSPECIFIED) {
    ack.set_error_code(work.error);
  }
  if (status == ack::v1::STATUS_REJECTED) {
    ack.set_retryable(work.reason == ack::v1::REASON_HANDLER_REFUSED && work.script.retryable());
    if (IsDurable()) {
      ack.set_memory_ms(Memory());
    }
  }
  work.answer = ack;
  SendToAll(firing, ack);
}

// Of a tombstone it goes to the copy in hand, else to everybody.
void TargetModel::SendCancelled(Firing& firing) {
  Work& work = *firing.work;
  Ack ack = Made(ack::v1::ACK_TYPE_EXECUTION_ACK, ack::v1::STATUS_FAILURE);
  ack.set_error_code(ack::v1::ERROR_CODE_CANCELLED);
  ack.set_started(HasStarted(work));
  const bool several = !world_.history.transcript().header.other_routers.empty();
  const bool knows_nothing = several && !IsDurable();  // CMB-TGT-016
  ack.set_memory_ms(!knows_nothing && world_.Choose("CHO-017") == 0 ? Memory() : 0);
  work.answer = ack;
  if (work.is_tombstone) {
    MeetTombstone(work, *firing.frame->header);
  }
  SendToAll(firing, ack);
}

bool TargetModel::HasStarted(const Work& work) {
  return std::any_of(work.messages.begin(), work.messages.end(),
                     [](const Message& message) { return message.executions != 0; });
}

// CMB-DUR-008; what was handed over may be sent again (CHO-009). In a test all of it was.
void TargetModel::SendUnsent(const Firing& firing) {
  if (!firing.work->answer) {
    return;
  }
  is_optional_ = true;
  SendToAll(firing, *firing.work->answer);
  is_optional_ = false;
}

void TargetModel::AnswerPing(const FrameSeen& frame) {
  const std::string& socket = frame.frame->socket;
  ack::v1::CognitiveMessage pong;
  pong.set_schema_version(1);
  pong.set_msg_type(ack::v1::MSG_TYPE_PONG);
  pong.set_correlation_id(frame.header->message_id());
  pong.set_source(world_.history.module_id());
  pong.add_targets(frame.header->source());
  if (world_.history.Declares(ack::v1::FEATURE_BATCH_ACK)) {
    pong.add_features(ack::v1::FEATURE_BATCH_ACK);
  }
  if (pong.ByteSizeLong() > kLongestHeader) {
    return;  // CMB-WIRE-023
  }
  const ExpectedFrame answer{IsAckEgress(socket) ? IngressBeside(socket) : socket,
                             frame.frame->peer,
                             pong,
                             frame.frame->payload(),
                             {}};
  const Reason reason = world_.Apply("CMB-WIRE-011", "target, PING", frame.header->message_id());
  world_.Expect(reason, answer).fields.emplace_back("features", "CMB-BAT-005");
}

}  // namespace cmb::conformance::oracle::tables::target
