// An event as one line of JSON: {"line": "[id] OLD -> NEW (REASON)", "event": {…}}. The line is for
// people, the event replays to the exact state. Called by sinks and by what reads their logs. Any
// thread. Spec: chapter "Model and vocabulary", events.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cmb/ack/v1/record.pb.h"

namespace cmb::reference {

// One event as one line, without a newline.
std::string ToJsonLine(const ack::v1::Event& event);

// What ToJsonLine wrote. Absent: it is no such line, or was changed since.
std::optional<ack::v1::Event> FromJsonLine(std::string_view line);

}  // namespace cmb::reference
