// The frames that a sender makes, field by field (3.3). Pure.
#pragma once

#include "conformance/oracle/tables/expectation.h"
#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/sender_record.h"

namespace cmb::conformance::oracle::tables::sender {

// The attempt that the record is at, on its channel, with `ttl_ms` of life left.
ExpectedFrame MessageOf(const World& world, const Record& record, std::uint64_t ttl_ms);
// To the router.
ExpectedFrame TimeoutOf(const World& world, const Record& record, ack::v1::ErrorCode code);
// To the target.
ExpectedFrame CancelOf(const World& world, const Record& record);
// The answer to a PING, on the pair of its socket.
ExpectedFrame PongTo(const World& world, const FrameSeen& ping);

}  // namespace cmb::conformance::oracle::tables::sender
