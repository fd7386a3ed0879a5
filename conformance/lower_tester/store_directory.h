// The store of one process of the IUT: a private directory, empty when made, gone with this object.
// Owned by the bench; any thread. Spec: chapter control channel (Configure.store).
#pragma once

#include <memory>
#include <string>

namespace cmb::conformance {

class StoreDirectory {
 public:
  // Null: the system's directory for temporary files takes none.
  static std::unique_ptr<StoreDirectory> Make();
  ~StoreDirectory();
  StoreDirectory(const StoreDirectory&) = delete;
  StoreDirectory& operator=(const StoreDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit StoreDirectory(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace cmb::conformance
