// The reference tables of the authoring page, printed from the table of the
// language and from the schemas. Called by a test that compares them with
// scenarios/README.md, and rewrites it when asked.
#pragma once

#include <string>

namespace cmb::conformance::scenario {

// Markdown, from the first heading to the last line.
std::string AuthoringTables();

// `page` with the text between its two marker lines replaced by `tables`.
// Empty: a marker is missing.
std::string ReplaceBetweenMarkers(const std::string& page, const std::string& tables);

}  // namespace cmb::conformance::scenario
