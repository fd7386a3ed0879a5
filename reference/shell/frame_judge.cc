#include "reference/shell/frame_judge.h"

#include <fmt/format.h>

#include <optional>

#include "proto/wire/frame_codec.h"
#include "proto/wire/words.h"
#include "reference/shell/ack_batch.h"

namespace cmb::reference {
namespace {

using ack::v1::CognitiveMessage;
using lifecycle::AnomalyEvent;
using lifecycle::AnomalyKind;

std::optional<std::string> FaultOfAcks(const CognitiveMessage& header) {
  if (header.has_ack() == header.has_ack_batch()) {
    return header.has_ack() ? "both ack and ack_batch" : "an ACK without an ack";
  }
  if (header.has_ack()) {
    return FaultOfAck(header.ack());
  }
  // What each of them lacks is found when each is judged (CMB-BAT-002).
  const auto acks = static_cast<std::size_t>(header.ack_batch().acks_size());
  if (acks == 0 || acks > kLargestBatch) {
    return fmt::format("an ack_batch of {}", acks);
  }
  return std::nullopt;
}

// Fields without which a header of its type says nothing (CMB-WIRE-017).
std::optional<std::string> FaultOfFields(const CognitiveMessage& header) {
  if (header.source().empty()) {
    return "no source";
  }
  const auto word = wire::Word(header.msg_type());
  switch (header.msg_type()) {
    case ack::v1::MSG_TYPE_ACK:
      return FaultOfAcks(header);
    case ack::v1::MSG_TYPE_PONG:
    case ack::v1::MSG_TYPE_REPLY:
      return header.correlation_id().empty()
                 ? std::optional(fmt::format("{} without correlation_id", word))
                 : std::nullopt;
    case ack::v1::MSG_TYPE_PING:
      return lifecycle::IsReserved(header.message_id())
                 ? std::nullopt
                 : std::optional<std::string>("PING without a message_id that begins with @");
    default:  // An open enum: every other type, known or not, needs its id.
      return header.message_id().empty() ? std::optional(fmt::format("{} without message_id", word))
                                         : std::nullopt;
  }
}

bool IsPingOrPong(ack::v1::MsgType type) {
  return type == ack::v1::MSG_TYPE_PING || type == ack::v1::MSG_TYPE_PONG;
}

std::optional<std::string> FaultOfHeader(const CognitiveMessage& header, Side side) {
  if (auto fault = FaultOfFields(header)) {
    return fault;
  }
  // A router must know where to pass it on; an endpoint has it already.
  const bool is_passed_on =
      header.msg_type() == ack::v1::MSG_TYPE_ACK || IsPingOrPong(header.msg_type());
  if (side == Side::kRouter && is_passed_on && header.targets_size() != 1) {
    return fmt::format("{} targets where exactly 1 is expected", header.targets_size());
  }
  return std::nullopt;
}

// CMB-SEC-004.
bool MayCome(ack::v1::MsgType type, SocketKind kind, Side side) {
  const bool is_ack = type == ack::v1::MSG_TYPE_ACK;
  switch (kind) {
    case SocketKind::kChannel:
      return !is_ack;
    case SocketKind::kAckIngress:
      return side == Side::kRouter && (is_ack || IsPingOrPong(type));
    case SocketKind::kAckEgress:
      return side == Side::kEndpoint && (is_ack || IsPingOrPong(type));
  }
  return false;
}

std::optional<std::string> FaultOfPayload(ack::v1::MsgType type, std::size_t bytes) {
  return IsPingOrPong(type) && bytes > kLargestPingBytes
             ? std::optional(fmt::format("{} with a payload of {} bytes, {} are the limit",
                                         wire::Word(type), bytes, kLargestPingBytes))
             : std::nullopt;
}

std::optional<std::string> DecodeInto(Inbound& inbound, const JudgeConfig& config,
                                      FrameParcel& parcel) {
  auto& frames = inbound.frames;
  if (const std::size_t all = frames.size() + inbound.more_frames; all != 2) {
    return fmt::format("{} frames where exactly 2 are expected", all);
  }
  if (frames[0].size() > config.header_bytes) {
    return fmt::format("a header of {} bytes, {} are the limit", frames[0].size(),
                       config.header_bytes);
  }
  if (auto error = wire::DecodeHeader(frames[0].to_string_view(), parcel.header)) {
    return std::move(error->sentence);
  }
  const std::size_t payload_bytes = frames[1].size();
  parcel.SetHeaderFrame(std::move(frames[0]));
  parcel.SetPayload(std::move(frames[1]));
  auto fault = FaultOfHeader(parcel.header, config.side);
  return fault ? fault : FaultOfPayload(parcel.header.msg_type(), payload_bytes);
}

}  // namespace

std::optional<std::string> FaultOfAck(const ack::v1::Ack& ack) {
  if (ack.correlation_id().empty()) {
    return "the ack names no message";
  }
  if (ack.attempt() == 0) {
    return "the ack has attempt 0";
  }
  return std::nullopt;
}

AnomalyEvent AnomalyOf(AnomalyKind kind, lifecycle::Role role, const CognitiveMessage& header,
                       lifecycle::Instant at) {
  AnomalyEvent anomaly;
  anomaly.kind = kind;
  anomaly.role = role;
  anomaly.peer = lifecycle::ModuleId(header.source());
  anomaly.at = at;
  if (header.has_ack()) {
    anomaly.id = lifecycle::MessageId(header.ack().correlation_id());
    anomaly.type = static_cast<lifecycle::AckType>(header.ack().ack_type());
    anomaly.status = static_cast<lifecycle::Status>(header.ack().status());
    anomaly.attempt = header.ack().attempt();
  } else {
    anomaly.id = lifecycle::MessageId(header.message_id());
    anomaly.attempt = header.msg_type() == ack::v1::MSG_TYPE_MESSAGE ? header.attempt() : 0;
  }
  return anomaly;
}

std::variant<Arrived, AnomalyEvent> JudgeFrames(Inbound inbound, SocketKind kind,
                                                const JudgeConfig& config, lifecycle::Instant at) {
  auto parcel = std::make_shared<FrameParcel>();
  if (auto fault = DecodeInto(inbound, config, *parcel)) {
    AnomalyEvent malformed;
    malformed.kind = AnomalyKind::kMalformed;
    malformed.role = config.role;
    malformed.peer = lifecycle::ModuleId(inbound.peer);
    malformed.at = at;
    malformed.note = *std::move(fault);
    return malformed;
  }
  if (!MayCome(parcel->header.msg_type(), kind, config.side)) {
    auto anomaly = AnomalyOf(AnomalyKind::kChannelMismatch, config.role, parcel->header, at);
    anomaly.note = fmt::format("{} may not come here", wire::Word(parcel->header.msg_type()));
    return anomaly;
  }
  // CMB-SEC-001: a source speaks over its own connection.
  if (config.side == Side::kRouter && parcel->header.source() != inbound.peer) {
    auto anomaly = AnomalyOf(AnomalyKind::kUnauthorizedAck, config.role, parcel->header, at);
    anomaly.note = fmt::format("it came from {}", inbound.peer);
    return anomaly;
  }
  // CMB-SEC-011: the router is nobody's peer, and no other name of that kind is anybody's.
  if (config.side == Side::kRouter && lifecycle::IsReserved(inbound.peer)) {
    auto anomaly = AnomalyOf(AnomalyKind::kUnauthorizedAck, config.role, parcel->header, at);
    anomaly.note = "no module may be named so";
    return anomaly;
  }
  // CMB-SEC-008: the routing id is what a connection claims, the key is what it
  // has.
  if (inbound.key_owner && *inbound.key_owner != inbound.peer) {
    auto anomaly = AnomalyOf(AnomalyKind::kUnauthorizedAck, config.role, parcel->header, at);
    anomaly.note = fmt::format("its key is that of {}", *inbound.key_owner);
    return anomaly;
  }
  return Arrived{inbound.socket, std::move(inbound.peer), std::move(parcel), inbound.stall};
}

}  // namespace cmb::reference
