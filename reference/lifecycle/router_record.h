// What the router core remembers of one message. Private to the core; others
// see a RecordView.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <tuple>

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

  Attempt attempt = 0;               // Highest accepted or rejected.
  Attempt closed = 0;                // Copies of attempts up to this one are dropped.
  Attempt trying = 0;                // Attempt whose first forward decides about acceptance.
  bool forwarding = false;           // A delivery phase runs (FORWARDING, or re-forwarding).
  std::uint32_t delivery_count = 0;  // Forwards of this phase.
  std::uint32_t redelivery = 0;      // Place in the backoff.
  Duration wait{0};                  // The wait that runs, or ran last.
  Instant next_redelivery;           // When it ends.
  Instant expires;                   // End of the life.
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
};

}  // namespace cmb::lifecycle
