// What the router core remembers of one message. Private to the core; others
// see a RecordView.
#pragma once

#include <cstddef>
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

struct RouterRecord {
  MessageKey key;
  // kUnspecified: there is no record, only the mark `closed`, or the forward
  // that decides about acceptance is under way.
  State state = State::kUnspecified;
  Reason reason = Reason::kUnspecified;
  ErrorCode code = ErrorCode::kUnspecified;
  std::string note;

  // Of the newest copy with the highest attempt.
  ModuleId target;
  ChannelName channel;
  IdempotencyKey idempotency_key;
  DeliveryPolicy policy;
  ParcelRef parcel;
  Duration ttl{0};  // As the copy brought it, not what remains.
  std::size_t payload_bytes = 0;
  MessageId redrive_of;  // Of a redriven message: the id that it had before.

  Attempt attempt = 0;               // Highest accepted or rejected.
  Attempt closed = 0;                // Copies of attempts up to this one are dropped.
  Attempt trying = 0;                // Attempt whose first forward decides about acceptance.
  Attempt refused_through = 0;       // Each attempt from 1 to this came, and none was forwarded.
  bool dead_letter = false;          // DEAD_LETTERED, neither redriven nor purged.
  bool forwarding = false;           // A delivery phase runs (FORWARDING, or re-forwarding).
  std::uint32_t delivery_count = 0;  // Forwards of this phase.
  std::uint32_t redelivery = 0;      // Place in the backoff.
  Duration wait{0};                  // The wait that runs, or ran last.
  Instant expires;                   // End of the life.
  std::optional<Instant> forwarded;  // When ZeroMQ first took the work, as this message or another.
  Instant remember_until;            // Last instant at which the record must be known.
  Instant created;
  Instant changed;

  // RECEIPT, CANCEL and TIMEOUT that were judged, for DUPLICATE_ACK. Bounded.
  std::set<std::tuple<AckType, Status, Attempt>> judged;
  // The target's terminal ACK, for later copies. Of it only type, status,
  // attempt and frames are used.
  AckIn terminal;
  AckType last_ack_type = AckType::kUnspecified;
  Status last_status = Status::kUnspecified;
  AckHistory history;
  std::optional<Instant> last_retry;  // CMB-INS-012.
};

// A record with its timers, or a bare closed mark (a record in kUnspecified):
// what a durable store keeps of one message, and what Router::Restore takes
// after a restart. Instants are of the clock of the core that made the image.
// Made between calls, when no first forward is under way.
struct RouterImage {
  RouterRecord record;
  std::vector<ArmedTimer> timers;
};

}  // namespace cmb::lifecycle
