#include "reference/shell/ping.h"

#include "proto/wire/frame_codec.h"
#include "reference/shell/ack_batch.h"
#include "reference/shell/to_wire.h"

namespace cmb::reference {
namespace {

// CMB-WIRE-009.
ack::v1::CognitiveMessage Header(ack::v1::MsgType type, std::string_view from,
                                 std::string_view to) {
  ack::v1::CognitiveMessage header;
  header.set_schema_version(kSchemaVersion);
  header.set_msg_type(type);
  header.set_source(std::string(from));
  header.add_targets(std::string(to));
  return header;
}

}  // namespace

std::string PingBytes(std::string_view self, std::string_view to, std::string_view nonce,
                      bool takes_batches) {
  auto ping = Header(ack::v1::MSG_TYPE_PING, self, to);
  SayBatches(takes_batches, ping);
  ping.set_message_id(std::string(nonce));
  return wire::EncodeHeader(ping);
}

std::string PongBytes(std::string_view self, const ack::v1::CognitiveMessage& ping,
                      bool takes_batches) {
  auto pong = Header(ack::v1::MSG_TYPE_PONG, self, ping.source());
  SayBatches(takes_batches, pong);
  pong.set_correlation_id(ping.message_id());
  return wire::EncodeHeader(pong);
}

bool IsFor(const ack::v1::CognitiveMessage& header, std::string_view module) {
  return header.targets_size() == 1 && header.targets(0) == module;
}

}  // namespace cmb::reference
