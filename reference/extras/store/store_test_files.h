// Entries for tests of stores, and directories to keep them in.
//
// Header only, since a module's library must not hold test code. Threads: the
// test's.
#pragma once

#include <string>

#include "reference/store/tx_store.h"
#include "reference/testing/fresh_directory.h"

namespace cmb::reference {

inline TxEntry EntryOf(const std::string& source, const std::string& id,
                       ack::v1::State state = ack::v1::STATE_ROUTED) {
  TxEntry entry;
  entry.record.set_role(ack::v1::ROLE_SENDER);
  entry.record.set_source(source);
  entry.record.set_message_id(id);
  entry.record.set_state(state);
  return entry;
}

}  // namespace cmb::reference
