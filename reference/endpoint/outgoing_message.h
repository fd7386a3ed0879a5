// What an application hands over to be sent.
//
// Used by ModuleEndpoint's callers and by the harness. A value. Spec: chapter
// "Sender", sending.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace cmb::reference {

// Every member has an initialiser, so that {.payload = "x"} says enough.
struct OutgoingMessage {
  std::string payload{};
  // Life of the message, all attempts together. 0: expired at once.
  std::chrono::milliseconds ttl{300'000};
  std::string idempotency_key{};  // Empty: the message_id.
  std::string stream_id{};        // Empty: no conversation.
  std::uint64_t sequence = 0;     // 0: not numbered.
  // How long its TIMEOUT_ABORT stays provisional. Absent: the sender's setting.
  std::optional<std::chrono::milliseconds> reconcile_window{};
};

}  // namespace cmb::reference
