// What a target remembers of one piece of work: under which message_ids it
// came, how far its handler is, what was answered. Plain data, all of it: an
// image of it in a store is enough to go on with it after a restart.
//
// Made and changed by the target core alone; the shell copies it into a store
// and back (Target::Image, Target::Restore). Threads: values only. Spec:
// chapters target and deduplication; "Persistence and recovery".
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

// (source, idempotency key) names the work; the target is this module.
struct WorkKey {
  ModuleId source;
  IdempotencyKey key;
  auto operator<=>(const WorkKey&) const = default;
  bool operator==(const WorkKey&) const = default;
};

// One message_id that brought the work.
struct Attachment {
  Attempt highest_attempt = 0;   // Highest received; 0: none was, it was only cancelled.
  Instant expires{};             // End of the message's life (CMB-TGT-007).
  std::uint32_t executions = 0;  // Starts of the handler that its arrival caused.
  StreamId stream = {};  // Of the message itself, if order is kept, with its number; 0: none.
  std::uint64_t sequence = 0;
  std::uint64_t came = 0;  // Place of its first copy among all that came; with Work::turn.
  std::set<RouterName> routers = {};  // By which its copies came (CMB-FBK-006).
  // Of those, the ones to which its terminal ACK is not known to have been
  // handed (CMB-DUR-008).
  std::set<RouterName> untold = {};
};

struct Work {
  WorkKey key;      // Of a tombstone: the message_id, until its message says another.
  MessageKey name;  // The message that brought it first; timers and handler calls use it.
  ModuleId target;
  ChannelName channel;
  StreamId stream;  // The one in which it has its turn; empty: it waits for nobody.
  // Place among all works of this target: when its first copy came, or the copy
  // that reopened it last.
  std::uint64_t turn = 0;
  State state = State::kUnspecified;
  Reason reason = Reason::kUnspecified;
  ErrorCode code = ErrorCode::kUnspecified;
  std::string note;
  Instant created;  // First receipt; of a tombstone, the CANCEL's.
  Instant changed;
  Instant expires;         // End of the last of its messages' lives.
  Instant remember_until;  // Last instant at which the record must be known.

  // A CANCEL that came before its message, in CANCELLED (CMB-CXL-010).
  bool tombstone = false;
  Attempt cancelled_attempt = 0;  // That CANCEL's.

  // The copy that brought the present offer of work.
  MessageId offered;
  Attempt offered_attempt = 0;
  Instant arrived;
  ParcelRef parcel;      // The message; null once the work has ended.
  bool waiting = false;  // Work of its stream goes first: it is not offered yet.

  bool resumable = false;       // The handler goes on with it after a restart.
  bool cancel_asked = false;    // The running handler was told of a CANCEL.
  std::optional<AckOut> stage;  // The last IN_PROGRESS or PROGRESS_ACK; `hold` as it was said.
  Instant held_until;           // End of the hold, where `stage` has one.
  std::uint64_t progress_number = 0;  // Of the last that was ever said of it.

  std::optional<AckOut> answer;  // The terminal ACK; correlation and attempt are set anew.
  ParcelRef answer_parcel;       // Its payload; null: empty.

  std::map<MessageId, Attachment> messages;
  std::vector<MessageId> order;  // The same, in the order in which they were attached.
};

// A new message with the work's key attaches to it; else its key is free, since
// it ended without a start and not for good (CMB-DUP-010).
bool BearsItsKey(const Work& work);

// All that is needed to restore a work. Timers follow from it: TTL at `expires`
// while RECEIVED, expiry of the record after `remember_until` once ended.
using WorkImage = Work;

}  // namespace cmb::lifecycle
