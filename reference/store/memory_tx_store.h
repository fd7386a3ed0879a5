// A TxStore that lasts as long as its process, so that a restart begins with no
// record (CMB-DUR-014).
//
// Called by the shells of modules that are not DURABLE. Threads: one at a time.
// Spec: chapter "Model and vocabulary", records.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "reference/store/tx_store.h"

namespace cmb::reference {

class MemoryTxStore : public TxStore {
 public:
  bool IsDurable() const override { return false; }
  void Put(TxEntry entry) override;
  std::optional<TxEntry> Get(const TxKey& key) const override;
  void Erase(const TxKey& key) override;
  std::vector<TxEntry> All() const override;
  void SetMeta(const std::string& name, const std::string& value) override;
  std::optional<std::string> Meta(const std::string& name) const override;
  void Commit() override {}
  void Clear() override;

 private:
  std::map<TxKey, TxEntry> entries_;
  std::map<std::string, std::string> meta_;
};

}  // namespace cmb::reference
