// Reads the text of a file into nodes and refuses what the scenario language
// leaves out of YAML: tabs, anchors, aliases, tags, merge keys, null,
// duplicate keys. The only file that knows the YAML library. No state.
#pragma once

#include <string>
#include <vector>

#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

// The documents of `text`; `file` is the name in their places. After something
// that is no YAML the rest is not read; all else is reported and read on.
std::vector<Node> ReadYaml(const std::string& text, const std::string& file, Report& report);

}  // namespace cmb::conformance::scenario
