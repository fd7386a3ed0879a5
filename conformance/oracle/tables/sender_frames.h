// The frames that a sender makes, field by field (3.3). Pure.
#pragma once

#include "conformance/oracle/tables/expectation.h"
#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/sender_record.h"

namespace cmb::conformance::oracle::tables::sender {

// The attempt that the record is at, on its channel, with `ttl_ms` of life left.
ExpectedFrame MessageOf(const World& world, const Record& record, std::uint64_t ttl_ms);
// To the router of that name.
ExpectedFrame TimeoutOf(const World& world, const Record& record, ack::v1::ErrorCode code,
                        const std::string& router);
// To the target, through that router.
ExpectedFrame CancelOf(const World& world, const Record& record, const std::string& router);
// The names of the routers that attempts went by (18.1).
std::set<std::string> RoutersOf(const World& world, const Record& record);
// The answer to a PING, on the pair of its socket.
ExpectedFrame PongTo(const World& world, const FrameSeen& ping);

}  // namespace cmb::conformance::oracle::tables::sender
