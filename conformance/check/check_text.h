// What `check` tells: each recording with a breach, the causes, the counts. Pure.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "conformance/check/check.h"
#include "conformance/report/requirement_index.h"

namespace cmb::conformance::check {

// A recording with its earliest breach; the later ones follow under "and then".
std::string BreachText(const Checked& checked, const report::RequirementIndex& requirements);

// One line for each thing that is no breach: a conflict of others, what could not be judged.
std::string NotesText(const Checked& checked);

// How many recordings each sentence is the first to be broken in, the most first; then one line of
// counts.
std::string Summary(const std::vector<Checked>& all, const report::RequirementIndex& requirements);

}  // namespace cmb::conformance::check
