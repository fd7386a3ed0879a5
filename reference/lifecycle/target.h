// The target core: accepts work once, answers every copy of it, tells how it
// ended.
//
// A table of works keyed (source, idempotency_key); each message_id that
// brought the same work is attached to it. The handler itself is the shell's:
// OfferWork hands the work over, OnHandlerStarted and OnHandlerEnded bring
// back what it did. Spec: chapters target and deduplication;
// spec/machines/target.yaml holds every pair.
//
// `now` never goes back between calls.
//
// Threads: not safe; one owner calls everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reference/lifecycle/dedup_table.h"
#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/record.h"
#include "reference/lifecycle/timers.h"
#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

struct TargetConfig {
  Duration max_latency{30000};
  // How long a new message_id with a known key is the same work, counted from
  // the first receipt of that work, that instant included.
  Duration key_window{3600000};
  // Works held. Beyond it: RECEIPT/REJECTED BUFFER_FULL.
  std::size_t records = 65536;
};

// How a handler ended.
struct HandlerEnd {
  Status status = Status::kSuccess;  // SUCCESS, FAILURE or REJECTED.
  ErrorCode code = ErrorCode::kUnspecified;
  bool retryable = false;  // With REJECTED: a higher attempt is judged afresh.
  std::string note;
  ParcelRef parcel;  // Payload of the ACK; null: empty.
};

class Target {
 public:
  Target(ModuleId self, TargetConfig config);
  ~Target();
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  // A MESSAGE from a message channel.
  Effects OnMessage(const MessageIn& message, Instant now);

  // An ACK from the ACK egress: a CANCEL, or one that the Sender core has no
  // message for. Always one anomaly: UNKNOWN_VALUE if no endpoint knows the
  // pair, UNKNOWN_MESSAGE without a record of (source, correlation_id), else
  // UNSUPPORTED for a CANCEL (this is a BASIC target, the work goes on) and
  // UNAUTHORIZED_ACK for the rest.
  Effects OnAck(const AckIn& ack, Instant now);

  // The handler of the work starts. `key` as in OfferWork. Without effects if
  // the work may not start any more; the shell then starts nothing.
  Effects OnHandlerStarted(const MessageKey& key, Instant now);
  // The handler ended. SUCCESS and FAILURE without a start before imply the
  // start; REJECTED after a start is a FAILURE with that code.
  Effects OnHandlerEnded(const MessageKey& key, const HandlerEnd& end, Instant now);

  // Timers: see timers.h. FireNext fires one timer that is due, or gives none.
  std::optional<Timer> NextTimer(TimerClass timer_class) const;
  std::vector<Timer> Timers() const;
  std::optional<Effects> FireNext(Instant now, TimerClass timer_class);

  // By the key of any attached message.
  std::optional<RecordView> Find(const MessageKey& key) const;
  // One for each attached message, ordered by key.
  std::vector<RecordView> Records() const;
  // Works held.
  std::size_t size() const;

 private:
  friend struct TargetStep;  // One call at work: target_step.h.

  ModuleId self_;
  TargetConfig config_;
  DedupTable table_;
  TimerTable timers_;
};

}  // namespace cmb::lifecycle
