#include "conformance/scenario/inheritance.h"

#include <filesystem>
#include <vector>

#include "conformance/scenario/scenario_files.h"
#include "conformance/scenario/shape.h"
#include "conformance/scenario/yaml_reader.h"

namespace cmb::conformance::scenario {
namespace {

namespace fs = std::filesystem;

// Directories from `root` down to that of `path`, outermost first.
std::vector<fs::path> DirectoriesDownTo(const std::string& root, const std::string& path) {
  std::vector<fs::path> directories{fs::path(root)};
  const fs::path below = fs::path(path).parent_path().lexically_relative(root);
  for (const fs::path& part : below) {
    if (part != ".") {
      directories.push_back(directories.back() / part);
    }
  }
  return directories;
}

}  // namespace

void DeepMerge(Node& base, const Node& over) {
  if (!base.IsMapping() || !over.IsMapping()) {
    base = over;
    return;
  }
  for (const Entry& entry : over.entries) {
    if (Node* old = base.Find(entry.key.text)) {
      DeepMerge(*old, entry.value);
    } else {
      base.entries.push_back(entry);
    }
  }
}

const std::optional<Node>& Inheritance::Defaults(const std::string& file) {
  const auto [entry, is_new] = read_.try_emplace(file);
  if (!is_new) {
    return entry->second;
  }
  const auto text = ReadWholeFile(file);
  if (!text) {
    return entry->second;
  }
  const auto documents = ReadYaml(*text, file, report_);
  if (documents.size() > 1) {
    report_.Error(documents[1].where, ErrorNumber::kShape, "defaults.yaml holds one document");
  }
  if (!documents.empty()) {
    CheckDefaultsShape(documents.front(), report_);
    entry->second = documents.front();
  }
  return entry->second;
}

Node Inheritance::Apply(const Node& document, const std::string& root, const std::string& path) {
  Node merged = document;
  merged.entries.clear();
  for (const fs::path& directory : DirectoriesDownTo(root, path)) {
    const auto& defaults = Defaults((directory / "defaults.yaml").string());
    if (defaults && defaults->IsMapping()) {
      DeepMerge(merged, *defaults);
    }
  }
  const Where where = document.where;
  DeepMerge(merged, document);
  merged.where = where;
  return merged;
}

}  // namespace cmb::conformance::scenario
