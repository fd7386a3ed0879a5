// A TxStore in a SQLite file. Changes go into one open transaction; Commit ends
// it.
//
// A record keeps the row it was given: rows rise with age, so that the records
// that are busy lie side by side and a commit touches few pages; the index from
// key to row is in memory. Erased rows are used again, the WAL is bounded. For
// people, while nobody else has the file open:
//   sqlite3 FILE "SELECT source, message_id, state, reason FROM entry"
//
// Threads: one owner. Spec: chapter "Persistence and recovery".
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/extras/sqlite/database.h"
#include "reference/store/tx_store.h"

namespace cmb::reference {

// What a commit survives.
enum class Durability {
  kMachine,  // The loss of power: the file is flushed at every commit.
  kProcess,  // The end of the process, kill -9 included: the system has it.
};

class SqliteTxStore : public TxStore {
 public:
  // Opens or creates the file, brings an older schema up to date, and reads the
  // keys. Throws SqliteError: the file is damaged, newer, of another program,
  // or open in another process.
  explicit SqliteTxStore(const std::string& path, Durability durability = Durability::kMachine);
  // What was not committed is lost.
  ~SqliteTxStore() override;

  std::string Place() const override { return db_.path(); }
  bool IsDurable() const override { return true; }
  void Put(TxEntry entry) override;
  std::optional<TxEntry> Get(const TxKey& key) const override;
  void Erase(const TxKey& key) override;
  std::vector<TxEntry> All() const override;
  void SetMeta(const std::string& name, const std::string& value) override;
  std::optional<std::string> Meta(const std::string& name) const override;
  void Commit() override;
  void Clear() override;

 private:
  struct Statements;

  // The first change since a commit begins a transaction.
  void BeginIfNeeded();
  TxEntry Read(const TxKey& key, std::int64_t row) const;

  mutable Database db_;
  std::optional<Transaction> open_;
  std::unique_ptr<Statements> sql_;
  std::map<TxKey, std::int64_t> rows_;
  std::int64_t last_row_ = 0;
};

}  // namespace cmb::reference
