// What `lint` says besides the errors (scenario language, section 11). No
// state.
#pragma once

#include <string>
#include <vector>

#include "conformance/scenario/loader.h"
#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

// `path_id` is the file's path below the root without .yaml.
void LintDocument(const Node& document, const std::string& path_id, Report& report);

// Titles that two documents share.
void LintTitles(const std::vector<DocumentInfo>& documents, Report& report);

}  // namespace cmb::conformance::scenario
