#include "conformance/engine/field_matcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace cmb::conformance::engine {
namespace {

using scenario::Matcher;

// Whether `text` is a number of the range. Whole numbers are compared as such,
// so that 18446744073709551615 is not rounded.
bool Within(const scenario::CountRange& range, const std::string& text) {
  std::uint64_t whole = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, whole);
  if (error == std::errc{} && stop == end) {
    return range.low <= whole && whole <= range.high;
  }
  double real = 0;
  const auto [stop_real, error_real] = std::from_chars(text.data(), end, real);
  return error_real == std::errc{} && stop_real == end && std::isfinite(real) &&
         static_cast<double>(range.low) <= real && real <= static_cast<double>(range.high);
}

// A matcher against one text that stands there.
bool MatchesText(const Matcher& matcher, const std::string& text, const Expand& expand) {
  switch (matcher.kind) {
    case Matcher::Kind::kEqual:
      return text == expand(matcher.text);
    case Matcher::Kind::kWithin:
      return Within(matcher.range, text);
    case Matcher::Kind::kContains:
      return text.find(expand(matcher.text)) != std::string::npos;
    case Matcher::Kind::kAnyOf:
      return std::any_of(matcher.list.begin(), matcher.list.end(),
                         [&](const Matcher& one) { return MatchesText(one, text, expand); });
    case Matcher::Kind::kPresent:
      return true;
    case Matcher::Kind::kAbsent:
      return false;
    case Matcher::Kind::kList:
      return matcher.list.size() == 1 && MatchesText(matcher.list.front(), text, expand);
  }
  return false;
}

bool MatchesList(const Matcher& matcher, const FieldValue& value, const Expand& expand) {
  if (matcher.list.size() != value.values.size()) {
    return false;
  }
  for (std::size_t i = 0; i < value.values.size(); ++i) {
    if (!MatchesText(matcher.list[i], value.values[i], expand)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool Matches(const Matcher& matcher, const FieldValue& value, const Expand& expand) {
  if (!value.known) {
    return false;
  }
  switch (matcher.kind) {
    case Matcher::Kind::kPresent:
      return value.present;
    case Matcher::Kind::kAbsent:
      return !value.present;
    case Matcher::Kind::kList:
      return MatchesList(matcher, value, expand);
    case Matcher::Kind::kContains:
      return std::any_of(value.values.begin(), value.values.end(), [&](const std::string& text) {
        return MatchesText(matcher, text, expand);
      });
    case Matcher::Kind::kAnyOf:
      return std::any_of(matcher.list.begin(), matcher.list.end(),
                         [&](const Matcher& one) { return Matches(one, value, expand); });
    case Matcher::Kind::kEqual:
    case Matcher::Kind::kWithin:
      return value.values.size() == 1 && MatchesText(matcher, value.values.front(), expand);
  }
  return false;
}

bool Matches(const Matcher& matcher, std::uint64_t value, const Expand& expand) {
  return MatchesText(matcher, std::to_string(value), expand);
}

bool Matches(const Matcher& matcher, const std::string& value, const Expand& expand) {
  return MatchesText(matcher, value, expand);
}

std::string Describe(const Matcher& matcher, const Expand& expand) {
  const auto join = [&] {
    std::string text;
    for (const Matcher& one : matcher.list) {
      text += (text.empty() ? "" : ", ") + Describe(one, expand);
    }
    return text;
  };
  switch (matcher.kind) {
    case Matcher::Kind::kEqual:
      return expand(matcher.text);
    case Matcher::Kind::kWithin:
      return fmt::format("{}..{}", matcher.range.low, matcher.range.high);
    case Matcher::Kind::kPresent:
      return "present";
    case Matcher::Kind::kAbsent:
      return "absent";
    case Matcher::Kind::kContains:
      return fmt::format("contains \"{}\"", expand(matcher.text));
    case Matcher::Kind::kAnyOf:
      return "any of [" + join() + "]";
    case Matcher::Kind::kList:
      return "[" + join() + "]";
  }
  return "";
}

}  // namespace cmb::conformance::engine
