// What the cores want said, as headers and records of the schemas.
//
// Called by the shells and their journal. Free of state. Spec: chapters "Wire
// binding" and "Model and vocabulary".
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/record.h"

namespace cmb::reference {

// The schema version that this implementation speaks.
inline constexpr std::uint32_t kSchemaVersion = 1;

// Bytes of a header that an implementation makes (CMB-WIRE-023). An ACK that its ids alone make
// longer is not sent.
inline constexpr std::size_t kLargestHeader = 65536;

// The header of an ACK by `self`.
ack::v1::CognitiveMessage AckHeader(std::string_view self, const lifecycle::SendAck& effect);

// The header of an ack_batch by `self`; all of them go to the same addressee.
ack::v1::CognitiveMessage AckBatchHeader(std::string_view self,
                                         const std::vector<lifecycle::SendAck>& effects);

// Without number and wall time, which the journal knows.
ack::v1::Event EventToWire(const lifecycle::Event& event);

ack::v1::TransactionRecord RecordToWire(const lifecycle::RecordView& record);

}  // namespace cmb::reference
