// Writes a node as YAML that reads back as the same node. Used for the text of
// a step in reports and for `list --effective`. No state.
#pragma once

#include <string>

#include "conformance/scenario/node.h"

namespace cmb::conformance::scenario {

// On one line, braces and brackets included.
std::string WriteFlow(const Node& node);

// A mapping as a document: one key a line, one step a line.
std::string WriteDocument(const Node& document);

}  // namespace cmb::conformance::scenario
