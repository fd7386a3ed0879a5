// The frames and anomalies that a router makes, field by field (2.4, 3.3). Pure.
#pragma once

#include <string>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "conformance/oracle/tables/expectation.h"
#include "conformance/oracle/tables/router_record.h"

namespace cmb::conformance::oracle::tables::router {

inline constexpr char kRouter[] = "@router";

// An id that a module may have (3.1).
bool IsModuleId(const std::string& id);

// An ACK of the router's own, to `addressee`.
ack::v1::CognitiveMessage OwnAck(const std::string& addressee, const std::string& message_id,
                                 std::uint32_t attempt, ack::v1::AckType type,
                                 ack::v1::Status status,
                                 ack::v1::ErrorCode code = ack::v1::ERROR_CODE_UNSPECIFIED);
// A PONG to this PING, or the frame of a REPLY to this QUERY.
ack::v1::CognitiveMessage AnswerTo(const ack::v1::CognitiveMessage& asked, ack::v1::MsgType type);
// One ACK of a batch, as if it had come alone.
ack::v1::CognitiveMessage Alone(const ack::v1::CognitiveMessage& header, const ack::v1::Ack& ack);

// An anomaly about this frame; of an ACK, alone or of a batch, about `ack`.
ack::v1::Event AnomalyOf(ack::v1::AnomalyKind kind, const ack::v1::CognitiveMessage& header,
                         const ack::v1::Ack* ack);
// What may be told of a frame that could not be read.
ack::v1::Event MalformedFrom(const FrameSeen& frame);

// Which sentences a field of such an item has.
using FieldRequirements = std::vector<std::pair<std::string, std::string_view>>;
FieldRequirements OfPassedOn();
FieldRequirements OfForward();
FieldRequirements OfRedrive();

}  // namespace cmb::conformance::oracle::tables::router
