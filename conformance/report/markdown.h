// A run on one screen of Markdown, for a pull request; and its verdict as a badge. Pure.
#pragma once

#include <iosfwd>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

// Profiles, causes with their sentences, and what to do next. Text from outside stays text: it
// makes no mark-up, no link and no mention.
void WriteMarkdown(const RunReport& report, std::ostream& out);

// JSON in the form of shields.io's endpoint badges. Green only where every claimed profile passed.
void WriteBadge(const RunReport& report, std::ostream& out);

}  // namespace cmb::conformance::report
