// The target's memory: which work is known, under which message_ids, and what
// was answered. It never forgets by itself; the target core erases a work when
// its life is over. Spec: chapter deduplication.
//
// Threads: not safe; owned by one Target.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "reference/lifecycle/types.h"
#include "reference/lifecycle/work.h"

namespace cmb::lifecycle {

class DedupTable {
 public:
  // Null: not known. A tombstone is found by its message alone: which work its
  // message will bring is not known.
  Work* FindWork(const WorkKey& key);
  Work* FindMessage(const MessageKey& key);
  const Work* FindMessage(const MessageKey& key) const;

  // `work.key`, or for a tombstone `work.name`, must be new, and so must be the
  // messages that it says are attached.
  Work& Insert(Work work);
  // `id` must be new for the source.
  void Attach(Work& work, const MessageId& id, const Attachment& attachment);
  // Takes out a work that the table holds; what refers to it refers to nothing.
  Work Take(const Work& work);

  // Works and tombstones.
  std::size_t size() const { return works_.size() + tombstones_.size(); }
  // Every attached message and every tombstone, ordered.
  std::vector<MessageKey> Messages() const;

 private:
  std::map<WorkKey, Work> works_;
  std::map<MessageKey, WorkKey> messages_;
  std::map<MessageKey, Work> tombstones_;
};

}  // namespace cmb::lifecycle
