// Where a module keeps what it knows of its messages: for each (role, source,
// message_id) a record that people read and the image that a core is restored
// from.
//
// The shells buffer changes with Put, Erase and SetMeta and make them last with
// one Commit a drain; what is answered waits for it. Implementations:
// MemoryTxStore and SqliteTxStore; one test suite holds for both. Every
// function throws std::runtime_error, with a sentence that names the medium,
// where the medium refuses. Threads: one at a time. Spec: chapters "Model and
// vocabulary", records, and "Persistence and recovery".
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
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

struct TxEntry {
  // For people and for inspection; its key names the entry.
  ack::v1::TransactionRecord record;
  // What the core restores itself from. Opaque here. Empty: the record is one
  // of several of one work, and another entry has the image.
  std::string image;
  // The frames of the message, kept apart because they are large and seldom
  // change. Opaque here. Absent in Put: what the key held stays as it was.
  std::optional<std::string> frames;
};

class TxStore {
 public:
  virtual ~TxStore() = default;

  // For people: the file.
  virtual std::string Place() const { return "the store in memory"; }

  // True: what is committed outlives the process, so that images are worth
  // making.
  virtual bool IsDurable() const = 0;

  // Inserts, or replaces what its key held.
  virtual void Put(TxEntry entry) = 0;

  // Absent: never put, or erased. Sees what is not committed yet.
  virtual std::optional<TxEntry> Get(const TxKey& key) const = 0;

  // Of an unknown key: nothing happens.
  virtual void Erase(const TxKey& key) = 0;

  // Everything, in the order of the keys.
  virtual std::vector<TxEntry> All() const = 0;

  // Small facts beside the entries, for example a counter of ids.
  virtual void SetMeta(const std::string& name, const std::string& value) = 0;
  virtual std::optional<std::string> Meta(const std::string& name) const = 0;

  // All changes since the last one last from now on, or (if it throws) none
  // does. Without changes it costs nothing.
  virtual void Commit() = 0;

  // Forgets every entry and every fact, and commits.
  virtual void Clear() = 0;
};

// What is in the store is not what this program wrote. what() is a sentence for people, with the
// place and a remedy.
class StoreDamaged : public std::runtime_error {
 public:
  StoreDamaged(const TxStore& store, const std::string& cause);
};

// A fact that is a number; 0: the store has none. Throws StoreDamaged.
std::uint64_t NumberIn(const TxStore& store, const std::string& name);

}  // namespace cmb::reference
