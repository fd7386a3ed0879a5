// Directories and files for tests, gone when they are done.
//
// Header only, since a module's library must not hold test code. Threads: the
// test's. Spec: none.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

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

// A path, where nothing is, in a directory of the running test. It goes with the
// process.
inline std::string FreshPath(const std::string& name) {
  static const FreshDirectory all;
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  auto directory = std::filesystem::path(all.path()) / test->test_suite_name();
  directory /= test->name();
  std::filesystem::create_directories(directory);
  std::filesystem::remove(directory / name);
  return directory / name;
}

}  // namespace cmb::reference
