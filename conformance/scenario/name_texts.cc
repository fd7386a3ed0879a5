// Names, families of names, ids.
#include <algorithm>

#include "conformance/scenario/scalars.h"

namespace cmb::conformance::scenario {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kLargestFamily = 1'000;

void Wrong(const Node& node, std::string_view wanted, Report& report) {
  report.Error(node.where, ErrorNumber::kScalar,
               "'" + node.text + "' is not " + std::string(wanted));
}

bool OnlyFrom(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

bool IsName(std::string_view text) {
  return OnlyFrom(text, "abcdefghijklmnopqrstuvwxyz0123456789_") && text[0] >= 'a' &&
         text[0] <= 'z';
}

std::optional<std::string> ParseName(const Node& node, Report& report) {
  if (!RequireScalar(node, "a name", report)) {
    return std::nullopt;
  }
  if (!IsName(node.text)) {
    Wrong(node, "a name (a small letter, then small letters, digits and _)", report);
    return std::nullopt;
  }
  return node.text;
}

bool IsModule(std::string_view text) {
  constexpr std::size_t kMostBytes = 255;
  return !text.empty() && text.size() <= kMostBytes && text != "@" && !text.starts_with('$');
}

std::optional<std::string> ParseModule(const Node& node, Report& report) {
  if (!RequireScalar(node, "a module", report)) {
    return std::nullopt;
  }
  if (!IsModule(node.text)) {
    Wrong(node, "a module (1 to 255 bytes, the first not $)", report);
    return std::nullopt;
  }
  return node.text;
}

std::optional<std::vector<std::string>> ExpandFamily(std::string_view text) {
  if (IsName(text)) {
    return std::vector<std::string>{std::string(text)};
  }
  const std::size_t dots = std::min(text.find(".."), text.size());
  const std::string_view first = text.substr(0, dots);
  const std::string_view last = dots < text.size() ? text.substr(dots + 2) : "";
  const std::size_t digits = first.find_last_not_of(kDigits) + 1;
  if (!IsName(first) || !IsName(last) || last.substr(0, digits) != first.substr(0, digits)) {
    return std::nullopt;
  }
  const auto low = WholeNumber(first.substr(digits));
  const auto high = WholeNumber(last.substr(digits));
  if (!low || !high || *low > *high || *high - *low >= kLargestFamily) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (std::uint64_t i = *low; i <= *high; ++i) {
    names.push_back(std::string(first.substr(0, digits)) + std::to_string(i));
  }
  return names;
}

std::optional<std::vector<std::string>> ParseAliases(const Node& node, Report& report) {
  std::vector<std::string> names;
  if (node.IsMapping()) {
    RequireScalar(node, "a message, a family m1..m9 or a list", report);
    return std::nullopt;
  }
  const std::vector<Node> single{node};
  for (const Node& item : node.IsSequence() ? node.items : single) {
    if (!RequireScalar(item, "a message or a family m1..m9", report)) {
      return std::nullopt;
    }
    const auto expanded = ExpandFamily(item.text);
    if (!expanded) {
      Wrong(item, "a message alias such as m1 or a family such as m1..m9", report);
      return std::nullopt;
    }
    names.insert(names.end(), expanded->begin(), expanded->end());
  }
  if (names.empty()) {
    report.Error(node.where, ErrorNumber::kShape, "an empty list of messages");
    return std::nullopt;
  }
  return names;
}

bool IsScenarioId(std::string_view text) {
  const std::string_view path = text.substr(0, text.find('@'));
  const bool part_empty =
      path.find("//") != std::string_view::npos || path.starts_with('/') || path.ends_with('/');
  if (part_empty || !OnlyFrom(path, "abcdefghijklmnopqrstuvwxyz0123456789-/")) {
    return false;
  }
  if (path.size() == text.size()) {
    return true;
  }
  const std::string_view labels = text.substr(path.size() + 1);
  return labels.find('=') != std::string_view::npos &&
         OnlyFrom(labels, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-=,");
}

}  // namespace cmb::conformance::scenario
