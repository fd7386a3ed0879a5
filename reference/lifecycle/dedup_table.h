// The target's memory: which work is known, under which message_ids, and what
// was answered. It never forgets by itself; the target core erases a work when
// its life is over. Spec: chapter deduplication.
//
// Threads: not safe; owned by one Target.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
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
  Attempt highest_attempt = 0;   // Highest received.
  Instant created;               // First receipt.
  std::uint32_t executions = 0;  // Starts of the handler that its arrival caused.
};

struct Work {
  WorkKey key;
  MessageKey name;  // The message that brought it first; timers and handler calls use it.
  ModuleId target;
  ChannelName channel;
  State state = State::kUnspecified;
  Reason reason = Reason::kUnspecified;
  ErrorCode code = ErrorCode::kUnspecified;
  std::string note;
  Instant created;  // First receipt.
  Instant changed;
  Instant expires;         // End of the life, while the handler has not started.
  Instant remember_until;  // Last instant at which the record must be known.
  MessageId offered;       // Of the copy that brought the present offer of work.
  Attempt offered_attempt = 0;
  std::optional<AckOut> answer;  // The terminal ACK; correlation and attempt are set anew.
  ParcelRef answer_parcel;
  std::map<MessageId, Attachment> messages;
  std::vector<MessageId> order;  // The same, in the order in which they were attached.
};

class DedupTable {
 public:
  // Null: not known.
  Work* FindWork(const WorkKey& key);
  Work* FindMessage(const MessageKey& key);
  const Work* FindMessage(const MessageKey& key) const;

  // `work.key` must be new.
  Work& Insert(Work work);
  // `id` must be new for the source.
  void Attach(Work& work, const MessageId& id, const Attachment& attachment);
  void Erase(const WorkKey& key);

  std::size_t size() const { return works_.size(); }
  // Every attached message, ordered by key.
  const std::map<MessageKey, WorkKey>& messages() const { return messages_; }

 private:
  std::map<WorkKey, Work> works_;
  std::map<MessageKey, WorkKey> messages_;
};

}  // namespace cmb::lifecycle
