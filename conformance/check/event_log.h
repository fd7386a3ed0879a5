// The event log of a system in production, as `cmb-router --events` writes it (20.2): one event on
// a line, {"line": …, "event": …} or the event alone. Called by check. Pure.
#pragma once

#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::check {

using EventLog = std::vector<ack::v1::Event>;  // Event i stands on line i + 1.

// Told by its first line.
bool IsEventLog(const std::string& first_line);

// The first fault ends the reading. Fields of a later schema are passed over.
std::variant<EventLog, TranscriptError> ReadEventLog(std::istream& in);

}  // namespace cmb::conformance::check
