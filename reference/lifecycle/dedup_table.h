// The target's memory: which work is known, under which message_ids, and what
// was answered. It never forgets by itself; the target core erases a work when
// its life is over. Spec: chapter deduplication.
//
// Threads: not safe; owned by one Target.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "reference/lifecycle/fair_share.h"
#include "reference/lifecycle/types.h"
#include "reference/lifecycle/work.h"

namespace cmb::lifecycle {

class DedupTable {
 public:
  explicit DedupTable(const TableBound& bound) : room_(bound) {}

  // The work that bears the key: a new message with that key is the same work.
  // Null: there is none, the next one is new work (CMB-DUP-010). A tombstone
  // bears none: which work its message will bring is not known.
  Work* FindWork(const WorkKey& key);
  // Null: not known.
  Work* FindMessage(const MessageKey& key);
  const Work* FindMessage(const MessageKey& key) const;

  // Its name and the messages that it says are attached must be new, and so must
  // be its key if it bears it.
  Work& Insert(Work work);
  // The work has changed: it bears its key from now on, or does not any more.
  void Rekey(const Work& work);
  // `id` must be new for the source.
  void Attach(Work& work, const MessageId& id, const Attachment& attachment);
  // Takes out a work that the table holds; what refers to it refers to nothing.
  Work Take(const Work& work);

  // Works and tombstones.
  std::size_t size() const { return works_.size(); }
  // For one more attached message (CMB-TGT-008).
  bool HasRoom(const ModuleId& source) const { return room_.HasRoom(source); }
  // Every attached message and every tombstone, ordered.
  std::vector<MessageKey> Messages() const;

 private:
  std::map<MessageKey, Work> works_;           // By Work::name.
  std::map<MessageKey, MessageKey> messages_;  // To the name of its work.
  std::map<WorkKey, MessageKey> bearers_;      // To the name of the work that bears the key.
  SharedRoom room_;
};

}  // namespace cmb::lifecycle
