// Writes the records that a drain's steps touched to the TxStore, once each,
// when the drain is committed; a record that the core forgot is erased.
//
// Owned by a shell. Threads: one owner. Spec: chapters "Model and vocabulary",
// records, and "Persistence and recovery".
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/record.h"
#include "reference/shell/clock.h"
#include "reference/store/tx_store.h"

namespace cmb::reference {

// What is kept of one message.
struct Snapshot {
  lifecycle::RecordView record;
  // Of a durable store: what the core is restored from, and the frames that
  // belong to it (null: none do).
  std::string image;
  lifecycle::ParcelRef frames;
  // The image is kept with another message of the same work.
  std::optional<lifecycle::MessageKey> image_is_with;
};

class RecordKeeper {
 public:
  // Absent: the core knows nothing of it (any more).
  using Finder =
      std::function<std::optional<Snapshot>(lifecycle::Role, const lifecycle::MessageKey&)>;

  // Both outlive the keeper.
  RecordKeeper(TxStore& store, const Clock& clock, Finder find)
      : store_(store), clock_(clock), find_(std::move(find)) {}

  void Touch(lifecycle::Role role, const lifecycle::MessageKey& key) {
    touched_.emplace(role, key);
  }
  // The record that the event is about, if it is about one.
  void Touch(const lifecycle::Event& event);

  // The store has these frames of the record already.
  void Know(lifecycle::Role role, const lifecycle::MessageKey& key, lifecycle::ParcelRef frames) {
    if (frames) {
      frames_[{role, key}] = std::move(frames);
    } else {
      frames_.erase({role, key});
    }
  }

  // Something was touched since the last commit.
  bool IsDirty() const { return dirty_ || !touched_.empty(); }

  // A fact beside the records, for the next commit.
  void SetMeta(const std::string& name, const std::string& value);

  // Writes what was touched, and commits: from now on it lasts.
  void Commit();

 private:
  using Id = std::pair<lifecycle::Role, lifecycle::MessageKey>;

  void Write(const Id& id, const Snapshot& snapshot);
  void Erase(const Id& id);

  TxStore& store_;
  const Clock& clock_;
  Finder find_;
  std::set<Id> touched_;
  bool dirty_ = false;  // Facts wait for a commit.
  // The frames that the store has, so that they are written once.
  std::map<Id, lifecycle::ParcelRef> frames_;
};

}  // namespace cmb::reference
