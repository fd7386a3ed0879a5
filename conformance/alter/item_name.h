// What an entry is called among the kinds of alterations: "frame MESSAGE", "frame
// EXECUTION_ACK/SUCCESS", "event transition RECEIVED -> EXECUTING", "event anomaly LATE_ACK",
// "reply to timers". Empty: nothing that the implementation produced. Pure.
#pragma once

#include <string>

#include "conformance/transcript/transcript.h"

namespace cmb::conformance::alter {

std::string ItemName(const Entry& entry);

}  // namespace cmb::conformance::alter
