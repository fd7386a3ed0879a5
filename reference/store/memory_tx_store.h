// A TxStore that lasts as long as its process.
//
// Called by BASIC endpoints and the router. Threads: one at a time. Spec:
// chapter "Model and vocabulary", records.
#pragma once

#include <map>
#include <vector>

#include "reference/store/tx_store.h"

namespace cmb::reference {

class MemoryTxStore : public TxStore {
 public:
  void Put(const ack::v1::TransactionRecord& record) override;
  std::optional<ack::v1::TransactionRecord> Get(const TxKey& key) const override;
  void Erase(const TxKey& key) override;
  std::vector<ack::v1::TransactionRecord> All() const override;
  void Flush() override {}

 private:
  std::map<TxKey, ack::v1::TransactionRecord> records_;
};

}  // namespace cmb::reference
