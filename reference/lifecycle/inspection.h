// What a router tells of itself besides single records: lists, dead letters,
// counts, and the acts on dead letters that its shell makes of a QUERY.
// Spec: chapters dead letters and inspection.
//
// Threads: values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "reference/lifecycle/types.h"
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

// A part of a list that is ordered by (source, message_id).
struct Page {
  std::optional<MessageKey> after;  // Absent: from the first entry.
  std::size_t limit = SIZE_MAX;
};

template <typename Entry>
struct Listed {
  std::vector<Entry> entries;
  bool more = false;          // There are entries behind the last one.
  std::size_t looked_at = 0;  // Records, for this page: what it cost.
};

// A message in DEAD_LETTERED that was neither redriven nor purged.
struct DeadLetterView {
  MessageKey key;
  ModuleId target;
  ChannelName channel;
  IdempotencyKey idempotency_key;  // The message_id if its sender set none.
  Reason reason = Reason::kUnspecified;
  ErrorCode code = ErrorCode::kUnspecified;
  Attempt attempt = 0;
  Instant given_up;
  std::size_t payload_bytes = 0;
  Duration ttl{0};                   // As the last copy brought it; a redrive has it again.
  MessageId redrive_of;              // Empty: it was no redrive itself.
  std::optional<Instant> forwarded;  // CMB-DLQ-009.
  ParcelRef parcel;                  // The last copy.
};

struct RouterCounts {
  std::size_t in_flight() const { return forwarding + delivered; }

  std::size_t records = 0;
  std::size_t forwarding = 0;
  std::size_t delivered = 0;
  std::size_t dead_letters = 0;
  std::uint64_t expired_letters = 0;       // DURABLE: purged since nobody asked for them.
  std::map<ModuleId, std::size_t> queues;  // Messages in FORWARDING, by target; no empty ones.
};

// Sends a dead letter as a new message.
struct RedriveRequest {
  ModuleId asker;    // The module that asks.
  MessageKey key;    // The dead letter.
  MessageId new_id;  // Never used before for this source.
  // Frames of DeadLetterView::parcel with the header of the new message:
  // message_id, attempt 1, ttl_ms, idempotency_key, redrive_of.
  ParcelRef parcel;
  bool accept_second_execution = false;
  bool fits = true;  // Its header is within what everybody takes (CMB-DLQ-013).
};

// Drops dead letters for good.
struct PurgeRequest {
  ModuleId asker;
  ModuleId source;  // Empty: with `id` the asker, else every source that the asker may purge.
  MessageId id;     // Empty: every dead letter of those.
};

struct PurgeResult {
  std::vector<MessageKey> purged;  // Nothing to purge is no error.
  bool permitted = true;           // False: PERMISSION_DENIED, and nothing was purged.
};

}  // namespace cmb::lifecycle
