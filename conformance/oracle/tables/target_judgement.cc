// What reaches a target: the order of judgement (3.6) and what it drops.
#include <algorithm>
#include <utility>

#include "conformance/oracle/tables/malformed.h"
#include "conformance/oracle/tables/row_text.h"
#include "conformance/oracle/tables/target_model.h"

namespace cmb::conformance::oracle::tables::target {
namespace {

using ack::v1::Ack;
using ack::v1::CognitiveMessage;

constexpr std::string_view kMalformedAckOfBatch = "CMB-BAT-002";
constexpr std::string_view kReservedAuthor = "CMB-SEC-012";

std::string_view OfVersion(const CognitiveMessage& header) {
  return header.schema_version() != 1 ? "CMB-VER-018"
         : header.critical_size() > 0 ? "CMB-VER-013"
                                      : "CMB-VER-003";
}

bool IsOnAckSocket(const FrameSeen& frame) {
  return IsAckIngress(frame.frame->socket) || IsAckEgress(frame.frame->socket);
}

// What an ACK is called where it is counted.
void Describe(const Ack& ack, ack::v1::Anomaly& anomaly) {
  anomaly.set_message_id(ack.correlation_id());
  anomaly.set_ack_type(ack.ack_type());
  anomaly.set_status(ack.status());
  anomaly.set_attempt(ack.attempt());
}

}  // namespace

bool TargetModel::ComesByWrongSocket(const FrameSeen& frame) const {
  const CognitiveMessage& header = *frame.header;
  const bool is_ping = header.msg_type() == ack::v1::MSG_TYPE_PING;
  const bool is_message = header.msg_type() == ack::v1::MSG_TYPE_MESSAGE;
  if (IsOnAckSocket(frame)) {
    const bool may = header.msg_type() == ack::v1::MSG_TYPE_ACK || is_ping ||
                     header.msg_type() == ack::v1::MSG_TYPE_PONG;
    if (!may || IsAckIngress(frame.frame->socket)) {
      return true;
    }
  } else if (header.msg_type() == ack::v1::MSG_TYPE_ACK) {
    return true;
  }
  const bool is_for_us =
      header.targets_size() == 1 && header.targets(0) == world_.history.module_id();
  return ((is_ping || is_message) && !is_for_us) ||
         (is_message && header.channel() != frame.frame->socket);
}

bool TargetModel::IsUnsupported(const CognitiveMessage& header) const {
  switch (header.msg_type()) {
    case ack::v1::MSG_TYPE_QUERY:
    case ack::v1::MSG_TYPE_REPLY:
      return true;
    default:  // open enum
      return header.has_ack_batch() && !world_.history.Declares(ack::v1::FEATURE_BATCH_ACK);
  }
}

// Of a frame as a whole; an ACK is judged by IsDroppedAck from `unknown value` on.
bool TargetModel::Applies(Judgement judgement, const FrameSeen& frame) const {
  const CognitiveMessage* header = frame.header;
  switch (judgement) {
    case Judgement::kMalformed:
      return header == nullptr ||
             IsTooLong(frame, world_.history.settings().limits().header_bytes()) ||
             IsMalformedHeader(*header, frame.frame->payload().size, ack::v1::ROLE_TARGET);
    case Judgement::kWrongSocket:
      return ComesByWrongSocket(frame);
    case Judgement::kUnknownType:
      return header->msg_type() == ack::v1::MSG_TYPE_UNSPECIFIED ||
             !ack::v1::MsgType_IsValid(header->msg_type());
    case Judgement::kUnsupported:
      return IsUnsupported(*header);
    case Judgement::kUnknownValue:
      return header->msg_type() != ack::v1::MSG_TYPE_ACK && IsOfAnotherVersion(*header);
    case Judgement::kWrongAuthor:
      return header->msg_type() == ack::v1::MSG_TYPE_MESSAGE && header->source().starts_with('@');
    case Judgement::kWrongConnection:
    case Judgement::kUnknownMessage:
    case Judgement::kDuplicate:
    case Judgement::kStale:
      return false;
  }
  return false;
}

void TargetModel::Count(std::string_view requirement, ack::v1::AnomalyKind kind,
                        const FrameSeen& frame, const Ack* ack, std::string row) {
  ack::v1::Event event;
  ack::v1::Anomaly& anomaly = *event.mutable_anomaly();
  anomaly.set_kind(kind);
  anomaly.set_role(ack::v1::ROLE_TARGET);
  const bool malformed = kind == ack::v1::ANOMALY_KIND_MALFORMED;
  const CognitiveMessage* header = frame.header;
  if (header != nullptr) {
    anomaly.set_peer(malformed ? "" : header->source());
    ack = ack == nullptr && header->has_ack() ? &header->ack() : ack;
    anomaly.set_message_id(header->message_id());
    if (header->msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
      anomaly.set_attempt(header->attempt());
    }
  }
  if (ack != nullptr) {
    Describe(*ack, anomaly);
  }
  const Reason reason = world_.Apply(requirement, std::move(row), anomaly.message_id());
  ExpectedItem& item = world_.Expect(reason, std::move(event));
  if (malformed) {
    item.leeway.push_back(header == nullptr ? "unreadable" : "malformed");
  } else if (header->msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
    item.leeway.push_back("of a MESSAGE");
  }
}

void TargetModel::Handle(const FrameSeen& frame) {
  if (std::exchange(handled_in_, world_.exchange) != world_.exchange) {
    cancelled_.clear();
  }
  for (const auto& row : TheJudgements()) {
    if (row.requirements.contains(ack::v1::ROLE_TARGET) && Applies(row.judgement, frame)) {
      std::string_view requirement = row.requirements.at(ack::v1::ROLE_TARGET);
      requirement =
          row.judgement == Judgement::kUnknownValue ? OfVersion(*frame.header) : requirement;
      requirement = row.judgement == Judgement::kUnsupported && !frame.header->has_ack_batch()
                        ? "CMB-OBS-004"
                        : requirement;
      requirement = row.judgement == Judgement::kWrongAuthor ? kReservedAuthor : requirement;
      Count(requirement, row.anomaly, frame, nullptr);
      return;
    }
  }
  switch (frame.header->msg_type()) {
    case ack::v1::MSG_TYPE_PING:
      return AnswerPing(frame);
    case ack::v1::MSG_TYPE_PONG:
      return;  // What it says of batches is judged by a rule of its own.
    case ack::v1::MSG_TYPE_MESSAGE:
      TakeMessage(frame);
      return ServeStreams();
    default:  // open enum; an ACK, by now.
      TakeAcks(frame);
  }
}

void TargetModel::TakeAcks(const FrameSeen& frame) {
  in_batch_ = frame.header->has_ack_batch();
  took_batch_in_ = in_batch_ ? world_.exchange : took_batch_in_;
  for (const Ack* ack : AcksOf(*frame.header)) {
    TakeAck(frame, *ack);
    ServeStreams();
  }
  in_batch_ = false;
  waits_for_batch_.reset();
  for (const auto& act : std::exchange(after_batch_, {})) {
    act();
  }
}

// CHO-018: what an ACK of a batch makes the application do.
void TargetModel::NowOrAfterBatch(std::function<void()> act) {
  if (in_batch_ && !waits_for_batch_) {
    waits_for_batch_ = world_.Choose("CHO-018") == 1;
  }
  if (in_batch_ && *waits_for_batch_) {
    after_batch_.push_back(std::move(act));
  } else {
    act();
  }
}

bool TargetModel::IsDroppedAck(const FrameSeen& frame, const Ack& ack) {
  if (frame.header->has_ack_batch() && IsMalformedAck(ack)) {
    Count(kMalformedAckOfBatch, ack::v1::ANOMALY_KIND_MALFORMED, frame, &ack);
    return true;
  }
  if (IsOfAnotherVersion(*frame.header) || !IsKnownPair(ack)) {
    Count(OfVersion(*frame.header), ack::v1::ANOMALY_KIND_UNKNOWN_VALUE, frame, &ack);
    return true;
  }
  const bool answers_ping =
      frame.header->source() == "@router" && ack.correlation_id().starts_with('@') &&
      ack.ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK && ack.status() == ack::v1::STATUS_REJECTED;
  if (answers_ping) {
    world_.Apply("CMB-WIRE-026", "target, the answer to a PING", ack.correlation_id());
  }
  return answers_ping;
}

void TargetModel::TakeAck(const FrameSeen& frame, const Ack& ack) {
  if (IsDroppedAck(frame, ack)) {
    return;
  }
  if (ack.ack_type() == ack::v1::ACK_TYPE_CANCEL) {
    return TakeCancel(frame.header->source(), ack);
  }
  Work* work = Find(frame.header->source(), ack.correlation_id());
  const auto state = work == nullptr ? ack::v1::STATE_UNSPECIFIED : work->state;
  const Row& row = TheTargetTable().RowOf(TargetRow::kAnyOtherAck);
  Count(row.RequirementOf(*row.CellIn(state)), row.CellIn(state)->anomaly, frame, &ack,
        RowText(TheTargetTable(), row, state));
}

bool TargetModel::CancelHolds(TargetGuard guard, const std::string& source,
                              const Work* work) const {
  switch (guard) {
    case TargetGuard::kBasic:
      return !IsTracked();
    case TargetGuard::kRoom:
      return work == nullptr && HasRoom(source);
    case TargetGuard::kTableFull:
      return work == nullptr && !HasRoom(source);
    case TargetGuard::kAskedBefore:
      return work != nullptr && !work->HasEnded() && work->asked_to_stop;
    case TargetGuard::kRefusedRetryably:
      return work != nullptr && work->IsRefusedForNow();
    case TargetGuard::kTombstone:
      return work != nullptr && work->is_tombstone;
    case TargetGuard::kNewWork:
    case TargetGuard::kTtl0:
    case TargetGuard::kCopy:
    case TargetGuard::kAttaches:
    case TargetGuard::kRefused:
    case TargetGuard::kReopens:
    case TargetGuard::kAnnounced:
    case TargetGuard::kDurable:
    case TargetGuard::kResumable:
    case TargetGuard::kNotDurable:
      return false;
  }
  return false;
}

// By the table; a copy of what came is in no frame when a tombstone repeats its CANCEL.
void TargetModel::TakeCancel(const std::string& source, const Ack& ack) {
  cancelled_.insert({source, ack.correlation_id()});
  Work* work = Find(source, ack.correlation_id());
  const auto state = work == nullptr ? ack::v1::STATE_UNSPECIFIED : work->state;
  const Row* selected = TheTargetTable().Select(
      TargetTrigger::kCancel, [&](TargetGuard guard) { return CancelHolds(guard, source, work); });
  const auto* cell = selected == nullptr ? nullptr : selected->CellIn(state);
  if (cell == nullptr) {
    return;  // The tables say that it cannot arise.
  }
  const Row& row = *selected;
  Reason reason = ReasonOf(row, *cell, work, ack.correlation_id());
  if (cell->kind == CellKind::kAnomaly) {
    ack::v1::Event event;
    event.mutable_anomaly()->set_kind(cell->anomaly);
    event.mutable_anomaly()->set_role(ack::v1::ROLE_TARGET);
    event.mutable_anomaly()->set_peer(source);
    Describe(ack, *event.mutable_anomaly());
    if (row.row == TargetRow::kCancelTableFull && OfNoRoom() == kShares) {
      reason.requirement = kShares;
    }
    world_.Expect(reason, std::move(event));
    return;
  }
  if (cell->kind == CellKind::kCreate) {
    works_.push_back({});
    work = &works_.back();
    work->source = source;
    work->maker = ack.correlation_id();
    work->is_tombstone = true;
    work->state = cell->next;
    work->cancelled_attempt = ack.attempt();
    work->created_ms = work->changed_ms = world_.now_ms;
    work->error = ack::v1::ERROR_CODE_CANCELLED;
    work->messages.push_back({ack.correlation_id(), 0, 0, 0, ""});
    work->remember_until_ms = Later(world_.now_ms, 2 * world_.history.max_latency_ms());
  }
  Firing firing{reason, work, nullptr, MessageIn(*work, ack.correlation_id()), nullptr};
  Move(row, *cell, firing);
}

}  // namespace cmb::conformance::oracle::tables::target
