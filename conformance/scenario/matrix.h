// `matrix` and `exclude`: the combinations of a document and their labels
// (scenario language, section 7). No state.
#pragma once

#include <string>
#include <vector>

#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

// One value of one axis.
struct Choice {
  std::string axis;
  std::string label;
  Node value;
};

struct Axis {
  std::string name;
  Where where;
  std::vector<Choice> choices;
};

// One choice of each axis, in the order written. A document without a matrix
// has one combination, which is empty.
using Combination = std::vector<Choice>;

constexpr std::size_t kMostCases = 500;

std::vector<Axis> ReadAxes(const Node& document, Report& report);

// Without what `exclude` leaves out. Empty after an error.
std::vector<Combination> Combinations(const Node& document, const std::vector<Axis>& axes,
                                      Report& report);

// "@axis=label,axis=label", or nothing.
std::string LabelSuffix(const Combination& combination);

// The text of a value as a label.
std::string LabelOf(const std::string& text);

// Whether `wanted` (a label, or a list of them) names this choice. Reports
// labels that the axis does not have.
bool NamesChoice(const Node& wanted, const Axis& axis, const Choice& choice, Report& report);

}  // namespace cmb::conformance::scenario
