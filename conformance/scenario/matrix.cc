#include "conformance/scenario/matrix.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "conformance/scenario/nearest.h"
#include "conformance/scenario/scalars.h"

namespace cmb::conformance::scenario {
namespace {

constexpr std::string_view kLabelCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";

void Wrong(const Where& where, const std::string& sentence, Report& report) {
  report.Error(where, ErrorNumber::kMatrix, sentence);
}

Axis AxisFromList(const Entry& entry, Report& report) {
  Axis axis{entry.key.text, entry.key.where, {}};
  for (const Node& item : entry.value.items) {
    if (!item.IsScalar()) {
      Wrong(item.where,
            "a value of the axis " + axis.name + " is " + std::string(KindName(item)) +
                " and needs a label: {LABEL: value}",
            report);
      continue;
    }
    axis.choices.push_back({axis.name, LabelOf(item.text), item});
  }
  return axis;
}

Axis AxisFromMapping(const Entry& entry, Report& report) {
  Axis axis{entry.key.text, entry.key.where, {}};
  for (const Entry& value : entry.value.entries) {
    const std::string& label = value.key.text;
    if (label.empty() || label.find_first_not_of(kLabelCharacters) != std::string::npos) {
      Wrong(value.key.where, "'" + label + "' is no label: letters, digits and _ . + -", report);
      continue;
    }
    axis.choices.push_back({axis.name, label, value.value});
  }
  return axis;
}

void CheckAxis(const Axis& axis, const Node& value, Report& report) {
  std::set<std::string> labels;
  for (const Choice& choice : axis.choices) {
    if (!labels.insert(choice.label).second) {
      Wrong(choice.value.where,
            "the axis " + axis.name + " has the label " + choice.label + " twice", report);
    }
  }
  if (value.items.empty() && value.entries.empty()) {
    Wrong(axis.where, "the axis " + axis.name + " has no values", report);
  }
}

std::vector<std::string> LabelsOf(const Axis& axis) {
  std::vector<std::string> labels;
  for (const Choice& choice : axis.choices) {
    labels.push_back(choice.label);
  }
  return labels;
}

const Axis* FindAxis(const std::vector<Axis>& axes, std::string_view name) {
  const auto found =
      std::find_if(axes.begin(), axes.end(), [&](const Axis& axis) { return axis.name == name; });
  return found == axes.end() ? nullptr : &*found;
}

// Whether one entry of `exclude` names this combination.
bool Excludes(const Node& entry, const std::vector<Axis>& axes, const Combination& combination,
              Report& report) {
  bool all = !entry.entries.empty();
  for (const Entry& condition : entry.entries) {
    const Axis* axis = FindAxis(axes, condition.key.text);
    if (axis == nullptr) {
      std::vector<std::string> known;
      for (const Axis& each : axes) {
        known.push_back(each.name);
      }
      Wrong(condition.key.where,
            "'" + condition.key.text + "' is no axis of the matrix" +
                Suggestion(condition.key.text, known),
            report);
      return false;
    }
    const auto place = static_cast<std::size_t>(axis - axes.data());
    all = NamesChoice(condition.value, *axis, combination[place], report) && all;
  }
  return all;
}

std::vector<Combination> Product(const std::vector<Axis>& axes) {
  std::vector<Combination> product{{}};
  for (const Axis& axis : axes) {
    std::vector<Combination> longer;
    for (const Combination& combination : product) {
      for (const Choice& choice : axis.choices) {
        longer.push_back(combination);
        longer.back().push_back(choice);
      }
    }
    product = std::move(longer);
  }
  return product;
}

// Far above what may remain after `exclude`, and still quick to build.
bool IsTooLarge(const std::vector<Axis>& axes) {
  constexpr std::size_t kLargestProduct = 20 * kMostCases;
  std::size_t size = 1;
  for (const Axis& axis : axes) {
    size *= std::max<std::size_t>(axis.choices.size(), 1);
    if (size > kLargestProduct) {
      return true;
    }
  }
  return false;
}

void ApplyExclude(const Node& exclude, const std::vector<Axis>& axes,
                  std::vector<Combination>& combinations, Report& report) {
  std::set<std::size_t> gone;
  for (const Node& entry : exclude.items) {
    if (!RequireMapping(entry, "a mapping AXIS: label", report)) {
      continue;
    }
    bool any = false;
    const std::size_t before = report.error_count();
    for (std::size_t i = 0; i < combinations.size(); ++i) {
      if (Excludes(entry, axes, combinations[i], report)) {
        any = true;
        gone.insert(i);
      }
    }
    if (!any && report.error_count() == before) {
      Wrong(entry.where, "this entry of exclude excludes nothing", report);
    }
  }
  std::vector<Combination> left;
  for (std::size_t i = 0; i < combinations.size(); ++i) {
    if (!gone.contains(i)) {
      left.push_back(std::move(combinations[i]));
    }
  }
  combinations = std::move(left);
}

}  // namespace

std::string LabelOf(const std::string& text) {
  std::string label = text;
  for (char& c : label) {
    c = kLabelCharacters.find(c) == std::string_view::npos ? '-' : c;
  }
  return label;
}

bool NamesChoice(const Node& wanted, const Axis& axis, const Choice& choice, Report& report) {
  const std::vector<Node> single{wanted};
  bool found = false;
  for (const Node& item : wanted.IsSequence() ? wanted.items : single) {
    const std::string label = LabelOf(item.text);
    const auto known = LabelsOf(axis);
    if (!item.IsScalar() || std::find(known.begin(), known.end(), label) == known.end()) {
      Wrong(
          item.where,
          "the axis " + axis.name + " has no label '" + item.text + "'" + Suggestion(label, known),
          report);
    }
    found = found || (item.IsScalar() && label == choice.label);
  }
  return found;
}

std::vector<Axis> ReadAxes(const Node& document, Report& report) {
  std::vector<Axis> axes;
  const Node* matrix = document.Find("matrix");
  if (matrix == nullptr || !matrix->IsMapping()) {
    return axes;
  }
  if (matrix->entries.empty()) {
    Wrong(matrix->where, "a matrix without axes", report);
  }
  for (const Entry& entry : matrix->entries) {
    if (!ParseName(entry.key, report)) {
      continue;
    }
    if (entry.value.IsScalar()) {
      Wrong(entry.value.where, "the axis " + entry.key.text + " is a single value; write a list",
            report);
      continue;
    }
    axes.push_back(entry.value.IsSequence() ? AxisFromList(entry, report)
                                            : AxisFromMapping(entry, report));
    CheckAxis(axes.back(), entry.value, report);
  }
  return axes;
}

std::vector<Combination> Combinations(const Node& document, const std::vector<Axis>& axes,
                                      Report& report) {
  const Where where = axes.empty() ? document.where : axes.front().where;
  if (IsTooLarge(axes)) {
    Wrong(where, "the matrix has more than " + std::to_string(kMostCases) + " cases", report);
    return {};
  }
  std::vector<Combination> combinations = Product(axes);
  if (const Node* exclude = document.Find("exclude"); exclude != nullptr) {
    if (axes.empty()) {
      Wrong(exclude->where, "exclude without a matrix", report);
    }
    ApplyExclude(*exclude, axes, combinations, report);
    if (combinations.empty() && !axes.empty()) {
      Wrong(exclude->where, "exclude leaves no case", report);
    }
  }
  if (combinations.size() > kMostCases) {
    Wrong(where,
          "the matrix has " + std::to_string(combinations.size()) + " cases; at most " +
              std::to_string(kMostCases),
          report);
    return {};
  }
  return combinations;
}

std::string LabelSuffix(const Combination& combination) {
  std::string suffix;
  for (const Choice& choice : combination) {
    suffix += (suffix.empty() ? "@" : ",") + choice.axis + "=" + choice.label;
  }
  return suffix;
}

}  // namespace cmb::conformance::scenario
