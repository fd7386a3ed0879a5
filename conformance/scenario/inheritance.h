// defaults.yaml: what a directory gives to the documents below it (scenario
// language, section 1). Keeps the files it has read; one object for each load.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

class Inheritance {
 public:
  explicit Inheritance(Report& report) : report_(report) {}

  // `document` of the file `path` over every defaults.yaml from `root` down to
  // the file's directory.
  Node Apply(const Node& document, const std::string& root, const std::string& path);

 private:
  const std::optional<Node>& Defaults(const std::string& file);

  Report& report_;
  std::map<std::string, std::optional<Node>> read_;
};

// Mappings merge, all else replaces.
void DeepMerge(Node& base, const Node& over);

}  // namespace cmb::conformance::scenario
