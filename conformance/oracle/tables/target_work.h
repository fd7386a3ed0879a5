// What the model of a target knows: works and the messages attached to them. Values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "cmb/control/v1/control.pb.h"

namespace cmb::conformance::oracle::tables::target {

// A longer life or hold counts as this (7.3).
inline constexpr std::uint64_t kHundredYearsMs = 3155760000000;
// The sentence of a source's share of the table.
inline constexpr std::string_view kShares = "CMB-SEC-014";

struct Message {
  std::string id;
  std::uint32_t highest = 0;     // Attempt received; 0: it has not come.
  std::uint32_t executions = 0;  // Starts that a copy of it caused.
  std::uint64_t life_end_ms = 0;
  std::string stream;   // Of its first copy, whichever that of the work is. Empty: none.
  bool joined = false;  // From a refusal, with another message of it (8.2).
  std::set<std::string> routers = {};  // By which copies of it came; empty name: the first.
};

enum class ActKind { kHold, kStart, kProgress, kEnd };

// One act of a script, at its instant.
struct HandlerAct {
  ActKind kind = ActKind::kEnd;
  std::uint64_t at_ms = 0;
  std::uint32_t percent = 0;
};

struct Work {
  std::string source, maker;  // The message that made the record.
  std::string key;            // Empty: of a tombstone.
  std::string channel;
  std::string stream;  // Empty: none.
  std::uint64_t sequence = 0;
  std::uint64_t place = 0;  // In the order of arrival.
  ack::v1::State state = ack::v1::STATE_UNSPECIFIED;
  ack::v1::Reason reason = ack::v1::REASON_UNSPECIFIED;
  ack::v1::ErrorCode error = ack::v1::ERROR_CODE_UNSPECIFIED;
  std::uint64_t created_ms = 0, changed_ms = 0;
  std::uint64_t first_arrival_ms = 0, remember_until_ms = 0, life_end_ms = 0;
  std::uint64_t kept_in = 0;           // Exchange in which it was found beyond its lifetime.
  std::uint64_t brought_again_in = 0;  // Exchange in which it came as new, its key known (8.2).
  std::list<Message> messages;         // In the order in which they came.

  // The copy that made or last reopened it.
  std::string offered_by;
  std::uint32_t offered_attempt = 0;
  std::uint64_t arrival_ms = 0;

  bool offered = false;  // Its handler was asked.
  control::v1::ScriptExecution script;
  std::vector<HandlerAct> acts;  // That are still to come.
  bool was_held = false;
  bool asked_to_stop = false;
  bool ends_with_life = false;  // It failed because it heard that its life had ended.

  std::uint64_t last_number = 0;      // Of the row of IN_PROGRESS and PROGRESS_ACK.
  std::optional<ack::v1::Ack> stage;  // The last of the row; without id and attempt.
  std::uint64_t hold_end_ms = 0;
  std::optional<ack::v1::Ack> answer;  // The terminal ACK; likewise.

  bool is_tombstone = false;
  std::uint32_t cancelled_attempt = 0;  // Of the CANCEL that made it.

  bool HasEnded() const {
    return state != ack::v1::STATE_RECEIVED && state != ack::v1::STATE_EXECUTING;
  }
  bool HasMessageOf(const std::string& of_stream) const {
    return std::any_of(messages.begin(), messages.end(), [&of_stream](const Message& message) {
      return message.stream == of_stream;
    });
  }
  bool IsRefusedForNow() const {
    return state == ack::v1::STATE_REJECTED && answer && answer->retryable();
  }
};

ack::v1::Ack Made(ack::v1::AckType type, ack::v1::Status status);

}  // namespace cmb::conformance::oracle::tables::target
