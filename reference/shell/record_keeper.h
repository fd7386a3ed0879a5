// Writes the records that a step of a core touched through to the TxStore, once
// each, when the step is done; a record that the core forgot is erased.
//
// Owned by a shell. Threads: one owner. Spec: chapter "Model and vocabulary",
// records.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/record.h"
#include "reference/store/tx_store.h"

namespace cmb::reference {

class RecordKeeper {
 public:
  using Finder = std::function<std::optional<lifecycle::RecordView>(lifecycle::Role,
                                                                    const lifecycle::MessageKey&)>;

  // `store` outlives the keeper.
  RecordKeeper(TxStore& store, Finder find) : store_(store), find_(std::move(find)) {}

  void Touch(lifecycle::Role role, const lifecycle::MessageKey& key) {
    touched_.emplace(role, key);
  }
  // The record that the event is about, if it is about one.
  void Touch(const lifecycle::Event& event);

  // Writes what was touched.
  void Settle();

 private:
  TxStore& store_;
  Finder find_;
  std::set<std::pair<lifecycle::Role, lifecycle::MessageKey>> touched_;
};

}  // namespace cmb::reference
