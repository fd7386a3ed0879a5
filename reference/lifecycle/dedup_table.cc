#include "reference/lifecycle/dedup_table.h"

#include <utility>

#include "reference/lifecycle/check.h"

namespace cmb::lifecycle {

Work* DedupTable::FindWork(const WorkKey& key) {
  const auto found = works_.find(key);
  return found == works_.end() ? nullptr : &found->second;
}

const Work* DedupTable::FindMessage(const MessageKey& key) const {
  const auto found = messages_.find(key);
  return found == messages_.end() ? nullptr : &works_.at(found->second);
}

Work* DedupTable::FindMessage(const MessageKey& key) {
  return const_cast<Work*>(std::as_const(*this).FindMessage(key));
}

Work& DedupTable::Insert(Work work) {
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

void DedupTable::Erase(const WorkKey& key) {
  const auto found = works_.find(key);
  if (found == works_.end()) {
    return;
  }
  for (const auto& [id, attachment] : found->second.messages) {
    messages_.erase(MessageKey{key.source, id});
  }
  works_.erase(found);
}

}  // namespace cmb::lifecycle
