#include "conformance/lower_tester/store_directory.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace cmb::conformance {

std::unique_ptr<StoreDirectory> StoreDirectory::Make() {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  std::string path = (parent / "cmb-store-XXXXXX").string();
  if (error || mkdtemp(path.data()) == nullptr) {
    return nullptr;
  }
  return std::unique_ptr<StoreDirectory>(new StoreDirectory(std::move(path)));
}

StoreDirectory::~StoreDirectory() {
  std::error_code ignored;  // What cannot be removed is left to the system.
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace cmb::conformance
