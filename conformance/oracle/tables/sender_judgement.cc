#include "conformance/oracle/tables/sender_judgement.h"

#include <algorithm>

namespace cmb::conformance::oracle::tables::sender {
namespace {

using ack::v1::Ack;
using ack::v1::CognitiveMessage;

constexpr std::uint64_t kPingBytes = 65536;
constexpr int kBatch = 256;

bool IsPingOrPong(const CognitiveMessage& header) {
  return header.msg_type() == ack::v1::MSG_TYPE_PING || header.msg_type() == ack::v1::MSG_TYPE_PONG;
}

bool IsTooLong(const Arrival& arrival) {
  const std::uint64_t set = arrival.world.history.settings().limits().header_bytes();
  const auto& parts = arrival.seen.frame->frames;
  return !parts.empty() && parts.front().size > (set == 0 ? kHeaderBytes : set);
}

bool LacksName(const CognitiveMessage& header) {
  switch (header.msg_type()) {
    case ack::v1::MSG_TYPE_ACK:
      return false;
    case ack::v1::MSG_TYPE_PONG:
    case ack::v1::MSG_TYPE_REPLY:
      return header.correlation_id().empty();
    case ack::v1::MSG_TYPE_PING:
      return !header.message_id().starts_with("@");
    default:  // open enum
      return header.message_id().empty();
  }
}

bool IsMalformedAck(const Ack& ack) { return ack.correlation_id().empty() || ack.attempt() == 0; }

bool HasMalformedAcks(const CognitiveMessage& header) {
  if (header.msg_type() != ack::v1::MSG_TYPE_ACK) {
    return false;
  }
  const int count = header.ack_batch().acks_size();
  return header.has_ack() == header.has_ack_batch() ||
         (header.has_ack() && IsMalformedAck(header.ack())) ||
         (header.has_ack_batch() && (count == 0 || count > kBatch));
}

bool IsMalformed(const Arrival& arrival) {
  if (arrival.ack != nullptr) {
    return IsMalformedAck(*arrival.ack);
  }
  const CognitiveMessage* header = arrival.seen.header;
  return header == nullptr || IsTooLong(arrival) || header->source().empty() ||
         LacksName(*header) || HasMalformedAcks(*header) ||
         (IsPingOrPong(*header) && arrival.seen.frame->payload().size > kPingBytes);
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
  if (socket == kAckIngress || (ping && IsForAnother(arrival))) {
    return true;
  }
  return socket == kAckEgress ? !ack && !IsPingOrPong(header) : ack;
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

// CMB-VER-013: version 1 assigns no number in `critical`.
bool IsOfAnotherVersion(const CognitiveMessage& header) {
  return header.schema_version() != 1 || header.critical_size() != 0;
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
