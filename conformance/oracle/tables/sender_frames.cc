#include "conformance/oracle/tables/sender_frames.h"

namespace cmb::conformance::oracle::tables::sender {
namespace {

using ack::v1::CognitiveMessage;

constexpr char kRouter[] = "@router";

CognitiveMessage HeaderOf(const World& world, ack::v1::MsgType type, const std::string& to) {
  CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(type);
  header.set_source(world.history.module_id());
  header.add_targets(to);
  return header;
}

// CMB-BAT-005.
void NameFeatures(const World& world, CognitiveMessage& header) {
  if (world.history.Declares(ack::v1::FEATURE_BATCH_ACK)) {
    header.add_features(ack::v1::FEATURE_BATCH_ACK);
  }
}

CognitiveMessage AckOf(const World& world, const Record& record, ack::v1::AckType type,
                       const std::string& to) {
  CognitiveMessage header = HeaderOf(world, ack::v1::MSG_TYPE_ACK, to);
  header.mutable_ack()->set_ack_type(type);
  header.mutable_ack()->set_correlation_id(record.message_id);
  header.mutable_ack()->set_attempt(record.attempt);
  return header;
}

}  // namespace

ExpectedFrame MessageOf(const World& world, const Record& record, std::uint64_t ttl_ms) {
  CognitiveMessage header = HeaderOf(world, ack::v1::MSG_TYPE_MESSAGE, record.target());
  header.set_message_id(record.message_id);
  header.set_channel(record.channel);
  header.set_stream_id(record.send.stream_id());
  header.set_sequence(record.send.sequence());
  header.set_idempotency_key(record.send.idempotency_key());
  header.set_attempt(record.attempt);
  header.set_ttl_ms(ttl_ms);
  if (record.send.has_policy()) {
    *header.mutable_policy() = record.send.policy();
  }
  header.set_created_wall_ms(record.wall_ms);
  NameFeatures(world, header);
  return {record.channel, kRouter, std::move(header), record.payload, {}};
}

std::set<std::string> RoutersOf(const World& world, const Record& record) {
  std::set<std::string> routers;
  for (const std::string& channel : record.channels) {
    routers.insert(world.history.transcript().header.RouterOf(channel));
  }
  return routers;
}

ExpectedFrame TimeoutOf(const World& world, const Record& record, ack::v1::ErrorCode code,
                        const std::string& router) {
  CognitiveMessage header = AckOf(world, record, ack::v1::ACK_TYPE_TIMEOUT, kRouter);
  header.mutable_ack()->set_status(ack::v1::STATUS_FAILURE);
  header.mutable_ack()->set_error_code(code);
  return {world.history.transcript().header.IngressOf(router), kRouter, std::move(header), {}, {}};
}

ExpectedFrame CancelOf(const World& world, const Record& record, const std::string& router) {
  return {world.history.transcript().header.IngressOf(router),
          kRouter,
          AckOf(world, record, ack::v1::ACK_TYPE_CANCEL, record.target()),
          MakeFrameBytes(""),
          {}};
}

ExpectedFrame PongTo(const World& world, const FrameSeen& ping) {
  CognitiveMessage header = HeaderOf(world, ack::v1::MSG_TYPE_PONG, ping.header->source());
  header.set_correlation_id(ping.header->message_id());
  NameFeatures(world, header);
  const std::string& socket = ping.frame->socket;
  return {IsAckEgress(socket) ? IngressBeside(socket) : socket,
          kRouter,
          std::move(header),
          ping.frame->payload(),
          {}};
}

}  // namespace cmb::conformance::oracle::tables::sender
