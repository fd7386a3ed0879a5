// What the sender core remembers of one message. Private to the core; others
// see a RecordView.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "reference/lifecycle/ack_history.h"
#include "reference/lifecycle/timers.h"
#include "reference/lifecycle/types.h"
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

// What makes an ACK a duplicate, unless it stands in the row of a work.
using AckIdentity = std::tuple<AckType, Status, Attempt>;

// Place in the row of IN_PROGRESS and PROGRESS_ACK of one work: attempts first, since
// a target that restarted numbers from 1 again.
using RowPlace = std::tuple<Attempt, std::uint64_t>;

struct SenderRecord {
  Outgoing message;
  State state = State::kIdle;
  Reason reason = Reason::kUnspecified;
  Certainty certainty = Certainty::kUnspecified;
  ErrorCode code = ErrorCode::kUnspecified;
  std::string note;
  AlertState alert = AlertState::kUnspecified;

  ChannelName channel;                // The last one used; before attempt 1 that of the message.
  Attempt attempt = 0;                // The last one sent.
  std::set<RouterName> routers = {};  // Through which an attempt was sent.
  bool waiting = false;               // A retry waits out its backoff.
  std::uint32_t cancels = 0;          // CANCELs sent, the repeated ones too.
  Instant expires;                    // End of the life.
  Instant created;
  Instant changed;
  Instant ended;  // When it became terminal; TIMEOUT_ABORT: the abort.

  // Judged ACKs, for DUPLICATE_ACK; bounded by the attempts sent and the pairs
  // there are, since ACKs of attempts never sent are not remembered.
  std::set<AckIdentity> judged;
  std::set<Attempt> rejected;  // Attempts that the router refused while they were current.
  RowPlace highest_place{0, 0};
  bool saw_router_ack = false;  // Since the current chain of attempts began.
  bool saw_delivery_ack = false;
  State highest_stage = State::kSendPending;
  bool executed_seen = false;    // A start was attested.
  bool key_lent = false;         // Another message was sent with this one's id as its key.
  bool disproved = false;        // A start was attested after NOT_EXECUTED.
  bool agreed = false;           // The target has failed what COMPLETED_FAILURE says.
  bool by_required_ack = false;  // Completed below EXECUTION_ACK.
  bool refused = false;          // COMPLETED_FAILURE by a refusal.
  AckType last_ack_type = AckType::kUnspecified;
  Status last_status = Status::kUnspecified;
  AckHistory history;
  std::optional<Instant> last_retry;
};

// A record with its timers: what a durable store keeps of one message, and what
// Sender::Restore takes after a restart. Instants are of the clock of the core
// that made the image; who changes clocks shifts them all.
struct SenderImage {
  SenderRecord record;
  std::vector<ArmedTimer> timers;
};

}  // namespace cmb::lifecycle
