#include "reference/lifecycle/dedup_table.h"

#include <utility>

#include "reference/lifecycle/check.h"

namespace cmb::lifecycle {

Work* DedupTable::FindWork(const WorkKey& key) {
  const auto found = bearers_.find(key);
  return found == bearers_.end() ? nullptr : &works_.at(found->second);
}

const Work* DedupTable::FindMessage(const MessageKey& key) const {
  const auto found = messages_.find(key);
  return found == messages_.end() ? nullptr : &works_.at(found->second);
}

Work* DedupTable::FindMessage(const MessageKey& key) {
  return const_cast<Work*>(std::as_const(*this).FindMessage(key));
}

Work& DedupTable::Insert(Work work) {
  for (const MessageId& id : work.order) {
    room_.Take(work.key.source);
    const bool fresh = messages_.emplace(MessageKey{work.key.source, id}, work.name).second;
    Check(fresh, "a message is attached to one work");
  }
  const MessageKey name = work.name;
  const auto [place, inserted] = works_.emplace(name, std::move(work));
  Check(inserted, "a work is inserted once");
  Rekey(place->second);
  return place->second;
}

void DedupTable::Rekey(const Work& work) {
  const auto bearer = bearers_.find(work.key);
  const bool is_other = bearer != bearers_.end() && bearer->second != work.name;
  if (BearsItsKey(work)) {
    Check(!is_other, "one work bears a key");
    bearers_.emplace(work.key, work.name);
  } else if (bearer != bearers_.end() && !is_other) {
    bearers_.erase(bearer);
  }
}

void DedupTable::Attach(Work& work, const MessageId& id, const Attachment& attachment) {
  const bool fresh = messages_.emplace(MessageKey{work.key.source, id}, work.name).second;
  Check(fresh, "a message is attached to one work");
  room_.Take(work.key.source);
  work.messages.emplace(id, attachment);
  work.order.push_back(id);
}

Work DedupTable::Take(const Work& work) {
  for (const MessageId& id : work.order) {
    room_.Give(work.key.source);
    messages_.erase(MessageKey{work.key.source, id});
  }
  if (BearsItsKey(work)) {
    bearers_.erase(work.key);
  }
  return std::move(works_.extract(MessageKey{work.name}).mapped());
}

std::vector<MessageKey> DedupTable::Messages() const {
  std::vector<MessageKey> keys;
  for (const auto& [key, work] : messages_) {
    keys.push_back(key);
  }
  return keys;
}

}  // namespace cmb::lifecycle
