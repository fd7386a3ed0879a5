// Where a module keeps what it knows of its messages: one TransactionRecord for
// each (role, source, message_id).
//
// The shells write every change through it. Implementations: MemoryTxStore and
// JsonlTxStore; one test suite holds for all. Threads: one at a time. Spec:
// chapter "Model and vocabulary", records.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "cmb/ack/v1/record.pb.h"

namespace cmb::reference {

struct TxKey {
  ack::v1::Role role = ack::v1::ROLE_UNSPECIFIED;
  std::string source;
  std::string message_id;

  auto operator<=>(const TxKey&) const = default;
};

TxKey KeyOf(const ack::v1::TransactionRecord& record);

class TxStore {
 public:
  virtual ~TxStore() = default;

  // Inserts, or replaces what its key held. Throws std::runtime_error where the
  // medium refuses.
  virtual void Put(const ack::v1::TransactionRecord& record) = 0;

  // Absent: never put, or erased.
  virtual std::optional<ack::v1::TransactionRecord> Get(const TxKey& key) const = 0;

  // Of an unknown key: nothing happens.
  virtual void Erase(const TxKey& key) = 0;

  // Everything, in the order of the keys.
  virtual std::vector<ack::v1::TransactionRecord> All() const = 0;

  // Hands what was put to the medium. A record put and flushed survives the
  // end of the process (not of the machine).
  virtual void Flush() = 0;
};

}  // namespace cmb::reference
