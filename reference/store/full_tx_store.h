// A store in memory whose medium can be full, for the tests of the shells.
//
// Header only, as its users are tests. Threads: the test's.
#pragma once

#include <stdexcept>

#include "reference/store/memory_tx_store.h"

namespace cmb::reference {

class FullTxStore : public MemoryTxStore {
 public:
  // From now on every Commit throws.
  void Fill() { full_ = true; }

  void Commit() override {
    if (full_) {
      throw std::runtime_error("the disk is full");
    }
    MemoryTxStore::Commit();
  }

 private:
  bool full_ = false;
};

}  // namespace cmb::reference
