#include "conformance/oracle/tables/malformed.h"

#include <string_view>

namespace cmb::conformance::oracle::tables {
namespace {

using ack::v1::Ack;
using ack::v1::AckType;
using ack::v1::CognitiveMessage;
using ack::v1::MsgType;

constexpr std::uint64_t kLongestPingPayload = 65536;
constexpr std::uint64_t kLeastHeaderLimit = 65536;
constexpr int kLongestBatch = 256;

bool LacksItsAck(const CognitiveMessage& header, ack::v1::Role role) {
  if (header.has_ack() == header.has_ack_batch()) {
    return true;
  }
  const int acks = header.ack_batch().acks_size();
  if (header.has_ack_batch() && (acks == 0 || acks > kLongestBatch)) {
    return true;
  }
  return (header.has_ack() && IsMalformedAck(header.ack())) ||
         (role == ack::v1::ROLE_ROUTER && header.targets_size() != 1);
}

bool IsWrongPing(const CognitiveMessage& header, std::uint64_t payload_bytes, ack::v1::Role role) {
  const bool named = header.msg_type() == ack::v1::MSG_TYPE_PONG
                         ? !header.correlation_id().empty()
                         : header.message_id().starts_with('@');
  return !named || payload_bytes > kLongestPingPayload ||
         (role == ack::v1::ROLE_ROUTER && header.targets_size() != 1);
}

}  // namespace

bool IsMalformedAck(const Ack& ack) { return ack.correlation_id().empty() || ack.attempt() == 0; }

bool IsTooLong(const FrameSeen& frame, std::uint64_t bound) {
  const auto& parts = frame.frame->frames;
  return !parts.empty() && parts.front().size > (bound == 0 ? kLeastHeaderLimit : bound);
}

bool IsOfAnotherVersion(const CognitiveMessage& header) {
  return header.schema_version() != 1 || header.critical_size() != 0;
}

bool IsMalformedHeader(const CognitiveMessage& header, std::uint64_t payload_bytes,
                       ack::v1::Role role) {
  if (header.source().empty()) {
    return true;
  }
  switch (header.msg_type()) {
    case ack::v1::MSG_TYPE_ACK:
      return LacksItsAck(header, role);
    case ack::v1::MSG_TYPE_PING:
    case ack::v1::MSG_TYPE_PONG:
      return IsWrongPing(header, payload_bytes, role);
    case ack::v1::MSG_TYPE_REPLY:
      return header.correlation_id().empty();
    default:  // open enum: MESSAGE, QUERY and what is not known have a message_id.
      return header.message_id().empty();
  }
}

bool IsKnownPair(const Ack& ack) {
  const auto status = ack.status();
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
    case ack::v1::ACK_TYPE_RECEIPT:
      return status == ack::v1::STATUS_SUCCESS || status == ack::v1::STATUS_REJECTED;
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return status == ack::v1::STATUS_SUCCESS || status == ack::v1::STATUS_FAILURE;
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
      return status != ack::v1::STATUS_UNSPECIFIED && ack::v1::Status_IsValid(status);
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
      return status == ack::v1::STATUS_IN_PROGRESS;
    case ack::v1::ACK_TYPE_TIMEOUT:
      return status == ack::v1::STATUS_FAILURE;
    case ack::v1::ACK_TYPE_CANCEL:
      return status == ack::v1::STATUS_UNSPECIFIED;
    default:  // open enum
      return false;
  }
}

}  // namespace cmb::conformance::oracle::tables
