#include "conformance/scenario/scenario_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace cmb::conformance::scenario {
namespace {

namespace fs = std::filesystem;

// Directories called so hold scenarios whose ids are paths below them, however
// a single file or folder of them was named on the command line.
constexpr const char* kScenarios = "scenarios";

std::string RootOf(const fs::path& directory) {
  for (fs::path at = directory; !at.empty() && at != at.root_path(); at = at.parent_path()) {
    if (at.filename() == kScenarios) {
      return at.string();
    }
  }
  return directory.string();
}

std::string Clean(const fs::path& path) {
  std::string text = path.lexically_normal().string();
  while (text.size() > 1 && text.back() == '/') {
    text.pop_back();
  }
  return text;
}

}  // namespace

void FindFiles(const std::string& path, const std::string& root, std::vector<File>& files,
               Report& report) {
  std::error_code error;
  const fs::path clean = Clean(path);
  if (fs::is_regular_file(clean, error)) {
    const fs::path parent = clean.has_parent_path() ? clean.parent_path() : fs::path(".");
    files.push_back({clean.string(), root.empty() ? RootOf(parent) : Clean(root)});
    return;
  }
  if (!fs::is_directory(clean, error)) {
    report.Error({clean.string(), 1, 1}, ErrorNumber::kYaml, "no such file or directory");
    return;
  }
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(clean, error)) {
    const fs::path& file = entry.path();
    if (entry.is_regular_file() && file.extension() == ".yaml" &&
        file.filename() != "defaults.yaml") {
      found.push_back(Clean(file));
    }
  }
  std::sort(found.begin(), found.end());
  for (const std::string& file : found) {
    files.push_back({file, root.empty() ? RootOf(clean) : Clean(root)});
  }
}

std::string PathId(const File& file) {
  fs::path below = fs::path(file.path).lexically_relative(file.root);
  return below.replace_extension().generic_string();
}

std::optional<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    return std::nullopt;
  }
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace cmb::conformance::scenario
