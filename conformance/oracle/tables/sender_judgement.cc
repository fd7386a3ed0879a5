#include "conformance/oracle/tables/sender_judgement.h"

#include <algorithm>

#include "conformance/oracle/tables/malformed.h"

namespace cmb::conformance::oracle::tables::sender {
namespace {

using ack::v1::Ack;
using ack::v1::CognitiveMessage;

bool IsPingOrPong(const CognitiveMessage& header) {
  return header.msg_type() == ack::v1::MSG_TYPE_PING || header.msg_type() == ack::v1::MSG_TYPE_PONG;
}

bool IsMalformed(const Arrival& arrival) {
  if (arrival.ack != nullptr) {
    return IsMalformedAck(*arrival.ack);
  }
  const CognitiveMessage* header = arrival.seen.header;
  return header == nullptr ||
         IsTooLong(arrival.seen, arrival.world.history.settings().limits().header_bytes()) ||
         IsMalformedHeader(*header, arrival.seen.frame->payload().size, ack::v1::ROLE_SENDER);
}

bool IsForAnother(const Arrival& arrival) {
  const auto& targets = arrival.seen.header->targets();
  return targets.size() != 1 || targets[0] != arrival.world.history.module_id();
}

bool IsOnWrongSocket(const Arrival& arrival) {
  const CognitiveMessage& header = *arrival.seen.header;
  const std::string& socket = arrival.seen.frame->socket;
  const bool ack = header.msg_type() == ack::v1::MSG_TYPE_ACK;
  const bool ping = header.msg_type() == ack::v1::MSG_TYPE_PING;
  if (IsAckIngress(socket) || (ping && IsForAnother(arrival))) {
    return true;
  }
  return IsAckEgress(socket) ? !ack && !IsPingOrPong(header) : ack;
}

// A sender asks nothing, so that a REPLY is to no QUERY of its own.
bool IsUnsupported(const Arrival& arrival) {
  switch (arrival.seen.header->msg_type()) {
    case ack::v1::MSG_TYPE_MESSAGE:
    case ack::v1::MSG_TYPE_QUERY:
    case ack::v1::MSG_TYPE_REPLY:
      return true;
    case ack::v1::MSG_TYPE_ACK:
      return arrival.seen.header->has_ack_batch() &&
             !arrival.world.history.Declares(ack::v1::FEATURE_BATCH_ACK);
    default:  // open enum
      return false;
  }
}

bool IsUnknownValue(const Arrival& arrival) {
  const CognitiveMessage& header = *arrival.seen.header;
  if (arrival.ack == nullptr) {
    return header.msg_type() != ack::v1::MSG_TYPE_ACK && IsOfAnotherVersion(header);
  }
  const Record nobody;
  const Input any{arrival.world, nobody, arrival.ack, header.source()};
  return IsOfAnotherVersion(header) || Holds(SenderGuard::kUnknownValue, any);
}

bool HasRecord(const Arrival& arrival) {
  return arrival.ack != nullptr && arrival.input != nullptr;
}

bool Applies(Judgement judgement, const Arrival& arrival) {
  const bool whole = arrival.ack == nullptr;
  switch (judgement) {
    case Judgement::kMalformed:
      return IsMalformed(arrival);
    case Judgement::kWrongSocket:
      return whole && IsOnWrongSocket(arrival);
    case Judgement::kWrongConnection:
      return false;
    case Judgement::kUnknownType:
      return whole && (!ack::v1::MsgType_IsValid(arrival.seen.header->msg_type()) ||
                       arrival.seen.header->msg_type() == ack::v1::MSG_TYPE_UNSPECIFIED);
    case Judgement::kUnsupported:
      return whole && IsUnsupported(arrival);
    case Judgement::kUnknownValue:
      return IsUnknownValue(arrival);
    case Judgement::kUnknownMessage:
      return !whole && arrival.input == nullptr && !AnswersPing(arrival);
    case Judgement::kWrongAuthor:
      return HasRecord(arrival) && Holds(SenderGuard::kUnauthorised, *arrival.input);
    case Judgement::kDuplicate:
      return HasRecord(arrival) && Holds(SenderGuard::kDuplicate, *arrival.input);
    case Judgement::kStale:
      return HasRecord(arrival) && Holds(SenderGuard::kStale, *arrival.input);
  }
  return false;
}

}  // namespace

const JudgementRow<Judgement>* FindingOf(const Arrival& arrival) {
  for (const auto& row : TheJudgements()) {
    if (row.requirements.count(ack::v1::ROLE_SENDER) != 0 && Applies(row.judgement, arrival)) {
      return &row;
    }
  }
  return nullptr;
}

bool AnswersPing(const Arrival& arrival) {
  return arrival.ack->ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK &&
         arrival.ack->status() == ack::v1::STATUS_REJECTED &&
         arrival.ack->correlation_id().starts_with("@") &&
         arrival.seen.header->source() == "@router";
}

}  // namespace cmb::conformance::oracle::tables::sender
