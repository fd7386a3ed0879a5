// Finds and reads scenario files. No state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

struct File {
  std::string path;
  // Directory below which ids are paths and from which defaults.yaml counts.
  std::string root;
};

// The file `path`, or every *.yaml below the directory `path` in the order of
// names, defaults.yaml left out. An empty `root` is the nearest directory above
// that is called scenarios, else the directory itself, so that a file means the
// same however it was named.
void FindFiles(const std::string& path, const std::string& root, std::vector<File>& files,
               Report& report);

// The path below the root without .yaml: what the id should be.
std::string PathId(const File& file);

// Absent: cannot be read.
std::optional<std::string> ReadWholeFile(const std::string& path);

}  // namespace cmb::conformance::scenario
