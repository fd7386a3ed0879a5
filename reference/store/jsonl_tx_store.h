// A TxStore in a file of JSON lines, one change a line, appended: a
// TransactionRecord, or {"erased": {role, source, message_id}}. Opening it
// replays the lines; the last one wins.
//
// A line that the end of a process tore is dropped when it is the last one;
// anywhere else it is damage and Open throws. Threads: one at a time. Spec:
// chapter "Model and vocabulary", records.
#pragma once

#include <fstream>
#include <string>

#include "reference/store/memory_tx_store.h"

namespace cmb::reference {

class JsonlTxStore : public TxStore {
 public:
  // Opens or creates `path`. Throws std::runtime_error with a sentence that
  // names the file, and the line where one is damaged.
  explicit JsonlTxStore(std::string path);

  void Put(const ack::v1::TransactionRecord& record) override;
  std::optional<ack::v1::TransactionRecord> Get(const TxKey& key) const override;
  void Erase(const TxKey& key) override;
  std::vector<ack::v1::TransactionRecord> All() const override;
  void Flush() override;

 private:
  void Replay();
  void Append(const std::string& line);

  std::string path_;
  MemoryTxStore records_;  // What the lines amount to.
  std::ofstream file_;
};

}  // namespace cmb::reference
