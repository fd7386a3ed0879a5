// What the router core remembers of one message. Private to the core; others
// see a RecordView.
#ifndef REFERENCE_LIFECYCLE_ROUTER_RECORD_H_
#define REFERENCE_LIFECYCLE_ROUTER_RECORD_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "reference/lifecycle/types.h"
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

struct RouterRecord {
  MessageKey key;
  ModuleId target;
  ChannelName channel;
  IdempotencyKey idempotency_key;
  State state = State::kUnspecified;
  Reason reason = Reason::kUnspecified;
  ErrorCode code = ErrorCode::kUnspecified;
  std::string note;
  DeliveryPolicy policy;
  ParcelRef parcel;  // Newest copy of the highest attempt.

  bool has_message = false;          // False: only a CANCEL or TIMEOUT came (tombstone).
  Attempt attempt = 0;               // Highest adopted.
  Attempt closed = 0;                // Attempts up to this one are closed.
  std::set<Attempt> received;        // Attempts that arrived, for never_forwarded.
  bool handed_over = false;          // Some copy went to ZeroMQ.
  bool awaiting_first = false;       // The forward that decides acceptance is under way.
  bool forwarding = false;           // The redelivery loop runs (also in DELIVERED).
  std::uint32_t delivery_count = 0;  // Forwards of this phase.
  std::uint32_t backoff_place = 0;   // Redelivery number in the backoff.
  Instant expires;                   // End of the life.
  Instant remember_until;            // Last instant at which the record must be known.
  Instant created;
  Instant changed;

  std::set<std::tuple<AckType, Status, Attempt>> judged;  // RECEIPTs and TIMEOUTs.
  std::optional<AckIn> terminal;                          // Stored for re-sends once SETTLED.
  AckType last_ack_type = AckType::kUnspecified;
  Status last_status = Status::kUnspecified;
};

}  // namespace cmb::lifecycle

#endif  // REFERENCE_LIFECYCLE_ROUTER_RECORD_H_
