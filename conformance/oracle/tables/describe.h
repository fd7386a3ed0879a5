// Frames and events in one line, and the names by which an expected one finds its like. Pure; any
// thread.
#pragma once

#include <string>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"

namespace cmb::conformance::oracle::tables {

// "EXECUTION_ACK/SUCCESS of 'm1', attempt 1"; "'m1' ROUTED -> DELIVERED (DELIVERY_ACK)".
std::string Describe(const ack::v1::CognitiveMessage& header);
std::string Describe(const ack::v1::Event& event);

// Two items of one fine name are alike but for fields; of one coarse name, about the same message.
std::string FineName(const ack::v1::CognitiveMessage& header);
std::string FineName(const ack::v1::Event& event);
std::string CoarseName(const ack::v1::CognitiveMessage& header);
std::string CoarseName(const ack::v1::Event& event);

// The message_id it is about; of an ACK its correlation_id. Empty: none.
std::string MessageOf(const ack::v1::CognitiveMessage& header);
std::string MessageOf(const ack::v1::Event& event);

}  // namespace cmb::conformance::oracle::tables
