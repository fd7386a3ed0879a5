// Directories and entries for tests of stores.
//
// Header only, since a module's library must not hold test code. Threads: the
// test's.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "reference/store/tx_store.h"

namespace cmb::reference {

// A directory of its own, gone at the end.
class FreshDirectory {
 public:
  FreshDirectory() {
    std::string path = std::filesystem::temp_directory_path() / "cmb-test-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
      throw std::runtime_error("cannot make " + path);
    }
    path_ = path;
  }
  ~FreshDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  FreshDirectory(const FreshDirectory&) = delete;
  FreshDirectory& operator=(const FreshDirectory&) = delete;

  std::string File(const std::string& name) const { return path_ / name; }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

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
