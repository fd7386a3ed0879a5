#include "conformance/oracle/tables/router_frames.h"

namespace cmb::conformance::oracle::tables::router {

using ack::v1::CognitiveMessage;

bool IsModuleId(const std::string& id) {
  constexpr std::size_t kLongest = 255;
  return !id.empty() && id.size() <= kLongest && id.front() != '\0' && id.front() != '@';
}

CognitiveMessage OwnAck(const std::string& addressee, const std::string& message_id,
                        std::uint32_t attempt, ack::v1::AckType type, ack::v1::Status status,
                        ack::v1::ErrorCode code) {
  CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(ack::v1::MSG_TYPE_ACK);
  header.set_source(kRouter);
  header.add_targets(addressee);
  header.mutable_ack()->set_ack_type(type);
  header.mutable_ack()->set_status(status);
  header.mutable_ack()->set_correlation_id(message_id);
  header.mutable_ack()->set_attempt(attempt);
  header.mutable_ack()->set_error_code(code);
  return header;
}

CognitiveMessage AnswerTo(const CognitiveMessage& asked, ack::v1::MsgType type) {
  CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(type);
  header.set_correlation_id(asked.message_id());
  header.set_source(kRouter);
  header.add_targets(asked.source());
  return header;
}

CognitiveMessage Alone(const CognitiveMessage& header, const ack::v1::Ack& ack) {
  CognitiveMessage alone = header;
  alone.clear_ack_batch();
  *alone.mutable_ack() = ack;
  return alone;
}

ack::v1::Event AnomalyOf(ack::v1::AnomalyKind kind, const CognitiveMessage& header,
                         const ack::v1::Ack* ack) {
  ack::v1::Event event;
  ack::v1::Anomaly& anomaly = *event.mutable_anomaly();
  anomaly.set_kind(kind);
  anomaly.set_role(ack::v1::ROLE_ROUTER);
  anomaly.set_peer(header.source());
  ack = ack == nullptr && header.has_ack() ? &header.ack() : ack;  // Whatever its msg_type.
  if (ack != nullptr) {
    anomaly.set_message_id(ack->correlation_id());
    anomaly.set_ack_type(ack->ack_type());
    anomaly.set_status(ack->status());
    anomaly.set_attempt(ack->attempt());
    return event;
  }
  anomaly.set_message_id(header.message_id());
  anomaly.set_attempt(header.attempt());  // What is no MESSAGE may be judged as one (5.5).
  return event;
}

ack::v1::Event MalformedFrom(const FrameSeen& frame) {
  const CognitiveMessage none;
  const CognitiveMessage& header = frame.header != nullptr ? *frame.header : none;
  ack::v1::Event event = AnomalyOf(ack::v1::ANOMALY_KIND_MALFORMED, header, nullptr);
  event.mutable_anomaly()->set_peer(frame.frame->peer);
  return event;
}

FieldRequirements OfPassedOn() {
  return {{"header", "CMB-WIRE-008"},
          {"ack", "CMB-WIRE-008"},
          {"ack.(unknown fields)", "CMB-VER-004"},
          {"(unknown fields)", "CMB-VER-004"},
          {"payload", "CMB-WIRE-007"}};
}

FieldRequirements OfForward() {
  return {{"header", "CMB-WIRE-008"},          {"schema_version", "CMB-WIRE-008"},
          {"message_id", "CMB-WIRE-008"},      {"source", "CMB-WIRE-008"},
          {"targets", "CMB-WIRE-008"},         {"channel", "CMB-WIRE-008"},
          {"stream_id", "CMB-WIRE-008"},       {"sequence", "CMB-WIRE-008"},
          {"idempotency_key", "CMB-WIRE-008"}, {"attempt", "CMB-WIRE-008"},
          {"policy", "CMB-WIRE-008"},          {"created_wall_ms", "CMB-WIRE-008"},
          {"features", "CMB-WIRE-008"},        {"traceparent", "CMB-OBS-016"},
          {"tracestate", "CMB-OBS-016"},       {"metadata", "CMB-OBS-016"},
          {"ttl_ms", "CMB-TMR-006"},           {"(unknown fields)", "CMB-VER-004"},
          {"payload", "CMB-WIRE-007"}};
}

FieldRequirements OfRedrive() {
  FieldRequirements all = OfForward();
  for (auto& [field, requirement] : all) {
    requirement = "CMB-DLQ-004";
  }
  return all;
}

}  // namespace cmb::conformance::oracle::tables::router
