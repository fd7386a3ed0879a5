// One event as one line that people read and logs keep:
//   [abc-123] SEND_PENDING -> ROUTED (ROUTER_ACK)
//
// Used by sinks, the router's log and the README's examples. What others chose
// (ids, notes) is escaped, so that one event is one line. Free of state; safe
// from any thread. Spec: CMB-OBS-018, CMB-OBS-019.
#pragma once

#include <string>
#include <string_view>

#include "cmb/ack/v1/record.pb.h"

namespace cmb::reference {

// Without a newline. A message that has no id (an anomaly of bytes that could
// not be read) prints as [-].
std::string EventLine(const ack::v1::Event& event);

// The same for other lines that hold words of others.
std::string Escaped(std::string_view line);

}  // namespace cmb::reference
