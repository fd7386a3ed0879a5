// Headers as peers write them, for tests.
//
// Header only, as its users are tests. Free of state.
#pragma once

#include <string>

#include "cmb/ack/v1/message.pb.h"

namespace cmb::reference {

inline ack::v1::CognitiveMessage MessageHeader(const std::string& id) {
  ack::v1::CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  header.set_message_id(id);
  header.set_source("sender");
  header.add_targets("target");
  header.set_channel("main");
  header.set_attempt(1);
  header.set_ttl_ms(300'000);
  return header;
}

inline ack::v1::CognitiveMessage AckHeaderOf(const std::string& from, const std::string& to,
                                             ack::v1::AckType type, ack::v1::Status status,
                                             const std::string& id) {
  ack::v1::CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(ack::v1::MSG_TYPE_ACK);
  header.set_source(from);
  header.add_targets(to);
  header.mutable_ack()->set_ack_type(type);
  header.mutable_ack()->set_status(status);
  header.mutable_ack()->set_correlation_id(id);
  header.mutable_ack()->set_attempt(1);
  return header;
}

}  // namespace cmb::reference
