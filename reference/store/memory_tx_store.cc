#include "reference/store/memory_tx_store.h"

#include <utility>

namespace cmb::reference {

void MemoryTxStore::Put(TxEntry entry) {
  TxEntry& held = entries_[KeyOf(entry.record)];
  if (!entry.frames) {
    entry.frames = std::move(held.frames);
  }
  held = std::move(entry);
}

std::optional<TxEntry> MemoryTxStore::Get(const TxKey& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? std::nullopt : std::optional(found->second);
}

void MemoryTxStore::Erase(const TxKey& key) { entries_.erase(key); }

std::vector<TxEntry> MemoryTxStore::All() const {
  std::vector<TxEntry> all;
  all.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) {
    all.push_back(entry);
  }
  return all;
}

void MemoryTxStore::SetMeta(const std::string& name, const std::string& value) {
  meta_[name] = value;
}

std::optional<std::string> MemoryTxStore::Meta(const std::string& name) const {
  const auto found = meta_.find(name);
  return found == meta_.end() ? std::nullopt : std::optional(found->second);
}

void MemoryTxStore::Clear() {
  entries_.clear();
  meta_.clear();
}

}  // namespace cmb::reference
