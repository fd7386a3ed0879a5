// PING and PONG as frames. They prove that a path is up, and no core is asked
// about them, so that they change no record and no timer (CMB-WIRE-015).
//
// Called by both shells. Free of state. Spec: chapter "Wire binding", PING.
#pragma once

#include <string>
#include <string_view>

#include "cmb/ack/v1/message.pb.h"

namespace cmb::reference {

// `takes_batches`: the author takes ack_batch from now on (CMB-BAT-005).
std::string PingBytes(std::string_view self, std::string_view to, std::string_view nonce,
                      bool takes_batches = false);

// The header that answers `ping`; its payload is the PING's own.
std::string PongBytes(std::string_view self, const ack::v1::CognitiveMessage& ping,
                      bool takes_batches = false);

// True if the only target of `header` is `module`.
bool IsFor(const ack::v1::CognitiveMessage& header, std::string_view module);

}  // namespace cmb::reference
