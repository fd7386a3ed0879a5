// The router core: brings each message to its target and tells the sender how
// far it came.
//
// A table of records keyed (source, message_id), driven by the MESSAGEs and
// ACKs that arrive, by what ZeroMQ made of a forward, and by timers. Spec:
// chapters router and timers; spec/machines/router.yaml holds every pair
// (CMB-OBS-013, CMB-OBS-025).
//
// Every ForwardMessage among the effects must be answered by OnForwardResult
// at once, before the next effect is carried out, and the effects which that
// returns are carried out first: ROUTER_ACK depends on it (a route cannot be
// asked for in libzmq, only tried).
//
// `now` never goes back between calls.
//
// Threads: not safe; one owner calls everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "reference/lifecycle/backoff.h"
#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/fair_share.h"
#include "reference/lifecycle/inspection.h"
#include "reference/lifecycle/mark_table.h"
#include "reference/lifecycle/record.h"
#include "reference/lifecycle/router_record.h"
#include "reference/lifecycle/router_rooms.h"
#include "reference/lifecycle/timers.h"
#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

struct RouterConfig {
  // TRACKED: a CANCEL of what was never forwarded is answered (CMB-CXL-012).
  // DURABLE: dead letters are kept until somebody deals with them (CMB-DLQ-002).
  Profile profile = Profile::kDurable;
  // Forwards of one delivery phase.
  std::uint32_t max_deliveries = 5;
  Duration max_latency{30000};
  // DURABLE: how long a dead letter waits for somebody (CMB-DLQ-011).
  Duration dead_letter{604800000};
  // How long a target remembers a key: a redrive that might come later is refused (CMB-DLQ-010).
  Duration key_window{3600000};
  // A longer ttl_ms is refused with VALIDATION_ERROR.
  Duration max_ttl{604800000};
  // A larger payload is refused with OVERSIZE_PAYLOAD.
  std::size_t payload_bytes = 1048576;
  // More pairs of metadata in a message are refused with VALIDATION_ERROR.
  std::size_t metadata_pairs = 32;
  // Messages of one target in FORWARDING. Beyond it: BUFFER_FULL.
  std::size_t queue_per_target = 1024;
  // Records that are no marks. Beyond it: BUFFER_FULL.
  std::size_t records = 1048576;
  // Refusals and bare closed marks. Without room for its mark no refusal is said
  // (CMB-RTR-030, CMB-RTR-033).
  std::size_t marks = 1048576;
  // Letters that a DURABLE router keeps.
  std::size_t dead_letters = 65536;
  // One source's share of each of these tables: this part of its bound.
  std::size_t source_shares = kSourceShares;
  // Schema versions that are taken. With one alone nobody is passed another (CMB-VER-011).
  std::vector<std::uint32_t> versions = {1};
  // Modules that may redrive and purge whatever their source.
  std::set<ModuleId> operators;
  // Anything that others cannot know: where marks are kept by their ids.
  std::uint64_t hash_seed = 0;
};

// What became of a ForwardMessage.
enum class ForwardResult {
  kHandedOver,  // libzmq took it.
  kNoRoute,     // EHOSTUNREACH.
  kBufferFull,  // EAGAIN: its queue to that peer is full.
};

class Router {
 public:
  Router(RouterConfig config, JitterSource jitter);
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  // A MESSAGE from a message channel (any msg_type that is not ACK, PING or
  // PONG, so that an unknown type is refused by name).
  Effects OnMessage(const MessageIn& message, Instant now);

  // What became of the ForwardMessage with this key.
  Effects OnForwardResult(const MessageKey& key, ForwardResult result, Instant now);

  // An ACK from the ACK ingress, of a target or of a sender.
  Effects OnAck(const AckIn& ack, Instant now);

  // Timers: see timers.h. FireNext fires one timer that is due, or gives none.
  std::optional<Timer> NextTimer(TimerClass timer_class) const;
  std::vector<Timer> Timers() const;
  std::optional<Effects> FireNext(Instant now, TimerClass timer_class);

  // The record or the bare closed mark, with its timers; none is held: nothing.
  std::optional<RouterImage> Image(const MessageKey& key) const;
  // Takes back what an earlier process had, before anything else is called.
  // Timers keep their instants; one that has passed is due at `now` (CMB-DUR-022).
  // Bounds are not applied to it.
  Effects Restore(std::vector<RouterImage> images, Instant now);

  // The channel on which this message would be forwarded is configured no more (CMB-DUR-018).
  Effects LoseChannel(const MessageKey& key, Instant now);

  // Dead letters, ordered by key (CMB-DLQ-001), and one of them.
  Listed<DeadLetterView> DeadLetters(const Page& page = {}) const;
  std::optional<DeadLetterView> DeadLetter(const MessageKey& key) const;
  // Sends a dead letter as a new message (CMB-DLQ-004). Ends in RedriveEnded:
  // PERMISSION_DENIED, VALIDATION_ERROR (no such dead letter), DUPLICATE_DETECTED
  // (the work might be executed twice), BUFFER_FULL or NO_ROUTE refuse it and
  // keep the letter.
  Effects Redrive(const RedriveRequest& request, Instant now);
  // Drops dead letters (CMB-DLQ-006), if the asker may (CMB-DLQ-008).
  PurgeResult Purge(const PurgeRequest& request, Instant now);

  // Records in FORWARDING and DELIVERED (CMB-INS-005), ordered by key (CMB-INS-014).
  Listed<RecordView> InFlight(const Page& page) const;
  // Kept up to date, so asking costs nothing.
  const RouterCounts& Counts() const { return counts_; }

  std::optional<RecordView> Find(const MessageKey& key) const;
  std::size_t size() const;

 private:
  friend struct RouterStep;  // One call at work: router_step.h.

  // The record, made if there is none. What it becomes takes room, it does not.
  RouterRecord& Make(const MessageKey& key);
  // The record, or the mark as one for as long as a call is at work on it; else null.
  RouterRecord* Open(const MessageKey& key);
  RouterRecord Expanded(const MessageKey& key, const RouterMark& mark) const;
  RouterMark Collapsed(const RouterRecord& record) const;
  // Ends what Make and Open began: a mark is kept as one, and what is neither
  // record nor mark, nor awaits its first forward, is forgotten.
  void Settle(const MessageKey& key);
  void Remove(const MessageKey& key);
  std::optional<Timer> NextMark() const;
  Timer ExpiryOf(const MarkTable::Oldest& mark) const;
  void Erase(const MessageKey& key);
  // A dead letter becomes none; another record is forgotten.
  void Expire(const MessageKey& key, Instant now);
  bool KeepsLetter(const RouterRecord& record) const {
    return record.dead_letter && config_.profile == Profile::kDurable;
  }
  // A record counts as it is from here on, or no more.
  void CountIn(const RouterRecord& record);
  void CountOut(const RouterRecord& record);
  bool IsLetter(const MessageKey& key) const;
  bool MayDispose(const ModuleId& asker, const ModuleId& source) const;
  // A redrive would surely find the key of its work remembered.
  bool ComesInTime(const RouterRecord& letter, Instant now) const;
  // Some source has a record of a message with this id.
  bool SomebodyHas(const MessageId& id) const;

  RouterConfig config_;
  JitterSource jitter_;
  std::map<MessageKey, RouterRecord> records_;  // Between calls without the marks.
  MarkTable marks_;
  // The records that share a message_id: who cancels what only others sent is told so.
  std::map<MessageId, std::vector<MessageKey>> by_id_;
  std::set<MessageKey> in_flight_;  // Of the records: what is listed, in its order.
  std::set<MessageKey> letters_;
  RouterCounts counts_;
  RouterRooms rooms_;
  TimerTable timers_;
};

}  // namespace cmb::lifecycle
