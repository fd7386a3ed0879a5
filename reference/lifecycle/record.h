// What a core knows of one message, as inspection gives it: the answer to
// GetTransaction. A copy; changing it changes nothing. Spec: chapter model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reference/lifecycle/ack_history.h"
#include "reference/lifecycle/types.h"
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

struct RecordView {
  Role role = Role::kUnspecified;
  MessageKey key;
  ModuleId target;
  ChannelName channel;
  State state = State::kUnspecified;
  Certainty certainty = Certainty::kUnspecified;
  Reason reason = Reason::kUnspecified;
  ErrorCode code = ErrorCode::kUnspecified;
  Attempt attempt = 0;
  std::uint32_t retry_count = 0;
  std::uint32_t delivery_count = 0;
  bool dead_letter = false;
  AlertState alert = AlertState::kUnspecified;
  std::uint32_t execution_count = 0;
  IdempotencyKey idempotency_key;
  Instant created;
  Instant changed;
  AckType last_ack_type = AckType::kUnspecified;
  Status last_status = Status::kUnspecified;
  std::string note;
  AckHistory history;                 // Sender, router.
  std::optional<Instant> last_retry;  // Sender, router.
  // Sender: the highest stage reached by what was seen, for the views. States
  // SEND_PENDING to EXECUTING; equals `state` while that is not terminal.
  State highest_stage = State::kUnspecified;
  bool refused = false;  // Sender: a COMPLETED_FAILURE by refusal (view REJECTED, not FAILED).
};

// The same record in the words of the three documents that came before.
struct ViewWords {
  std::string cmb_v0;
  std::string sw4rm;
  std::string fleet;
};
ViewWords ViewsOf(const RecordView& sender_record);

}  // namespace cmb::lifecycle
