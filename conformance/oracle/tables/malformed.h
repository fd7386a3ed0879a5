// Which frames and ACKs are malformed (3.7), whoever gets them. Pure; any thread.
#pragma once

#include <cstdint>

#include "conformance/oracle/history/history.h"

namespace cmb::conformance::oracle::tables {

// The third point of 3.7 and those behind it; at a router ACK, PING and PONG need one entry in
// `targets` besides. Of an `ack_batch` the ACKs are judged one by one with the function below.
bool IsMalformedHeader(const ack::v1::CognitiveMessage& header, std::uint64_t payload_bytes,
                       ack::v1::Role role);
bool IsMalformedAck(const ack::v1::Ack& ack);

// Longer than `bound`, or where a setting gives none (0) than everybody must take.
bool IsTooLong(const FrameSeen& frame, std::uint64_t bound);

// CMB-VER-013: version 1 assigns no number in `critical`.
bool IsOfAnotherVersion(const ack::v1::CognitiveMessage& header);

// A type and status that 2.2 has in one row.
bool IsKnownPair(const ack::v1::Ack& ack);

}  // namespace cmb::conformance::oracle::tables
