#include "reference/lifecycle/dedup_table.h"

#include <algorithm>
#include <utility>

#include "reference/lifecycle/check.h"

namespace cmb::lifecycle {

Work* DedupTable::FindWork(const WorkKey& key) {
  const auto found = works_.find(key);
  return found == works_.end() ? nullptr : &found->second;
}

const Work* DedupTable::FindMessage(const MessageKey& key) const {
  if (const auto found = messages_.find(key); found != messages_.end()) {
    return &works_.at(found->second);
  }
  const auto tombstone = tombstones_.find(key);
  return tombstone == tombstones_.end() ? nullptr : &tombstone->second;
}

Work* DedupTable::FindMessage(const MessageKey& key) {
  return const_cast<Work*>(std::as_const(*this).FindMessage(key));
}

Work& DedupTable::Insert(Work work) {
  if (work.tombstone) {
    const MessageKey name = work.name;
    const auto [place, inserted] = tombstones_.emplace(name, std::move(work));
    Check(inserted, "a tombstone is inserted once");
    return place->second;
  }
  for (const MessageId& id : work.order) {
    const bool fresh = messages_.emplace(MessageKey{work.key.source, id}, work.key).second;
    Check(fresh, "a message is attached to one work");
  }
  const WorkKey key = work.key;
  const auto [place, inserted] = works_.emplace(key, std::move(work));
  Check(inserted, "a work is inserted once");
  return place->second;
}

void DedupTable::Attach(Work& work, const MessageId& id, const Attachment& attachment) {
  const bool fresh = messages_.emplace(MessageKey{work.key.source, id}, work.key).second;
  Check(fresh, "a message is attached to one work");
  work.messages.emplace(id, attachment);
  work.order.push_back(id);
}

Work DedupTable::Take(const Work& work) {
  if (work.tombstone) {
    return std::move(tombstones_.extract(MessageKey{work.name}).mapped());
  }
  for (const MessageId& id : work.order) {
    messages_.erase(MessageKey{work.key.source, id});
  }
  return std::move(works_.extract(WorkKey{work.key}).mapped());
}

std::vector<MessageKey> DedupTable::Messages() const {
  std::vector<MessageKey> keys;
  for (const auto& [key, work] : messages_) {
    keys.push_back(key);
  }
  for (const auto& [key, work] : tombstones_) {
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace cmb::lifecycle
