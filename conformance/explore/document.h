// Scenarios on their way between nodes, text and cases: what explore draws is written down as YAML
// first and read by the loader, so that the file that is kept is what was run. Pure.
#pragma once

#include <optional>
#include <string>

#include "conformance/scenario/loader.h"
#include "conformance/scenario/node.h"

namespace cmb::conformance::explore {

// A document and the one case that the loader makes of it.
struct Loaded {
  scenario::Node document;
  scenario::Case one;
};

// Without peers that nobody names.
scenario::Node Tidied(scenario::Node document);

// Nothing: the loader refuses it. `Mended` takes out the steps that it refuses, until it has none
// left to refuse.
std::optional<Loaded> Load(const scenario::Node& document, const scenario::Knowledge& knowledge);
std::optional<Loaded> Mended(const scenario::Node& document, const scenario::Knowledge& knowledge);

std::size_t StepsOf(const scenario::Node& document);  // Without the last, which observes.

}  // namespace cmb::conformance::explore
