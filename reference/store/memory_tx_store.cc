#include "reference/store/memory_tx_store.h"

namespace cmb::reference {

void MemoryTxStore::Put(const ack::v1::TransactionRecord& record) {
  records_[KeyOf(record)] = record;
}

std::optional<ack::v1::TransactionRecord> MemoryTxStore::Get(const TxKey& key) const {
  const auto found = records_.find(key);
  if (found == records_.end()) {
    return std::nullopt;
  }
  return found->second;
}

void MemoryTxStore::Erase(const TxKey& key) { records_.erase(key); }

std::vector<ack::v1::TransactionRecord> MemoryTxStore::All() const {
  std::vector<ack::v1::TransactionRecord> all;
  all.reserve(records_.size());
  for (const auto& [key, record] : records_) {
    all.push_back(record);
  }
  return all;
}

}  // namespace cmb::reference
