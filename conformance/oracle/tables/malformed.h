// Which frames and ACKs are malformed (3.7), whoever gets them. Pure; any thread.
#pragma once

#include <cstdint>

#include "conformance/oracle/history/history.h"

namespace cmb::conformance::oracle::tables {

// The frame as a whole; at a router ACK, PING and PONG need one entry in `targets` besides. Of an
// `ack_batch` the ACKs are judged one by one with the function below.
bool IsMalformed(const FrameSeen& frame, ack::v1::Role role, std::uint64_t header_limit);
bool IsMalformedAck(const ack::v1::Ack& ack);

// A type and status that 2.2 has in one row.
bool IsKnownPair(const ack::v1::Ack& ack);

}  // namespace cmb::conformance::oracle::tables
