#include "conformance/scenario/scalars.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace cmb::conformance::scenario {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kDurationHint = "a duration such as 1500ms, 5s, 2min or 1h";
// A thousand years in milliseconds: far above any test, far below overflow.
constexpr std::uint64_t kLongestMs = 31'557'600'000'000;

std::string Quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

void Wrong(const Node& node, std::string_view wanted, Report& report) {
  if (node.text.starts_with('$')) {  // The matrix has not replaced it.
    report.Error(node.where, ErrorNumber::kMatrix,
                 Quoted(node.text.substr(0, node.text.find('.'))) +
                     " is no axis of the matrix, and here stands " + std::string(wanted));
    return;
  }
  report.Error(node.where, ErrorNumber::kScalar,
               Quoted(node.text) + " is not " + std::string(wanted));
}

std::optional<std::uint64_t> UnitInMs(std::string_view unit) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 4> kUnits = {
      {{"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}}};
  for (const auto& [name, ms] : kUnits) {
    if (name == unit) {
      return ms;
    }
  }
  return std::nullopt;
}

std::optional<Milliseconds> DurationOf(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of(kDigits), text.size());
  const auto number = WholeNumber(text.substr(0, end));
  const auto unit = UnitInMs(text.substr(end));
  if (!number || !unit || *number > kLongestMs / *unit) {
    return std::nullopt;
  }
  return Milliseconds(static_cast<Milliseconds::rep>(*number * *unit));
}

// Both sides of "A..B", or the text twice.
std::pair<std::string_view, std::string_view> Sides(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    return {text, text};
  }
  return {text.substr(0, dots), text.substr(dots + 2)};
}

bool ReportBackwards(const Node& node, bool backwards, Report& report) {
  if (backwards) {
    report.Error(node.where, ErrorNumber::kScalar, "the range " + node.text + " runs backwards");
  }
  return backwards;
}

}  // namespace

bool RequireScalar(const Node& node, std::string_view what, Report& report) {
  if (!node.IsScalar() && !node.broken) {
    report.Error(node.where, ErrorNumber::kShape,
                 "wanted " + std::string(what) + ", got " + std::string(KindName(node)));
  }
  return node.IsScalar() && !node.broken;
}

bool RequireSequence(const Node& node, std::string_view what, Report& report) {
  if (!node.IsSequence() && !node.broken) {
    report.Error(node.where, ErrorNumber::kShape,
                 "wanted " + std::string(what) + ", got " + std::string(KindName(node)));
  }
  return node.IsSequence();
}

bool RequireMapping(const Node& node, std::string_view what, Report& report) {
  if (!node.IsMapping() && !node.broken) {
    report.Error(node.where, ErrorNumber::kShape,
                 "wanted " + std::string(what) + ", got " + std::string(KindName(node)));
  }
  return node.IsMapping();
}

std::optional<std::uint64_t> WholeNumber(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<Milliseconds> ParseDuration(const Node& node, Report& report) {
  if (!RequireScalar(node, kDurationHint, report)) {
    return std::nullopt;
  }
  const auto duration = DurationOf(node.text);
  if (!duration && WholeNumber(node.text)) {
    report.Error(node.where, ErrorNumber::kScalar,
                 "the duration " + node.text + " has no unit; write " + node.text + "ms, " +
                     node.text + "s, " + node.text + "min or " + node.text + "h");
  } else if (!duration) {
    Wrong(node, kDurationHint, report);
  }
  return duration;
}

std::optional<DurationRange> ParseDurationRange(const Node& node, Report& report) {
  if (!RequireScalar(node, "a duration or a range such as 2s..4s", report)) {
    return std::nullopt;
  }
  if (node.text.find("..") == std::string::npos) {
    const auto one = ParseDuration(node, report);
    return one ? std::optional<DurationRange>({*one, *one}) : std::nullopt;
  }
  const auto [first, last] = Sides(node.text);
  const auto low = DurationOf(first);
  const auto high = DurationOf(last);
  if (!low || !high) {
    Wrong(node, "a range of durations such as 2s..4s", report);
    return std::nullopt;
  }
  if (ReportBackwards(node, *low > *high, report)) {
    return std::nullopt;
  }
  return DurationRange{*low, *high};
}

std::optional<Milliseconds> ParseJump(const Node& node, Report& report) {
  if (!RequireScalar(node, "a jump such as +1h or -1h", report)) {
    return std::nullopt;
  }
  const bool sign = !node.text.empty() && (node.text[0] == '+' || node.text[0] == '-');
  const auto duration = sign ? DurationOf(std::string_view(node.text).substr(1)) : std::nullopt;
  if (!duration) {
    Wrong(node, "a jump such as +1h or -1h", report);
    return std::nullopt;
  }
  return node.text[0] == '-' ? -*duration : *duration;
}

std::optional<std::uint64_t> ParseCount(const Node& node, Report& report, std::uint64_t max) {
  if (!RequireScalar(node, "a whole number", report)) {
    return std::nullopt;
  }
  const auto value = WholeNumber(node.text);
  if (!value) {
    Wrong(node, "a whole number", report);
  } else if (*value > max) {
    report.Error(node.where, ErrorNumber::kScalar,
                 node.text + " is too large; at most " + std::to_string(max));
    return std::nullopt;
  }
  return value;
}

std::optional<CountRange> ParseCountRange(const Node& node, Report& report) {
  if (!RequireScalar(node, "a whole number or a range such as 1..3", report)) {
    return std::nullopt;
  }
  const auto [first, last] = Sides(node.text);
  const auto low = WholeNumber(first);
  const auto high = WholeNumber(last);
  if (!low || !high) {
    Wrong(node, "a whole number or a range such as 1..3", report);
    return std::nullopt;
  }
  if (ReportBackwards(node, *low > *high, report)) {
    return std::nullopt;
  }
  return CountRange{*low, *high};
}

std::optional<std::uint64_t> ParseSize(const Node& node, Report& report) {
  constexpr std::string_view kHint = "a size such as 512, 64KiB or 1MiB";
  constexpr std::uint64_t kLargest = 64ULL * 1024 * 1024;
  if (!RequireScalar(node, kHint, report)) {
    return std::nullopt;
  }
  const std::string_view text = node.text;
  const std::size_t end = std::min(text.find_first_not_of(kDigits), text.size());
  const std::string_view unit = text.substr(end);
  const std::uint64_t factor = unit.empty()    ? 1
                               : unit == "KiB" ? 1024
                               : unit == "MiB" ? 1 << 20
                                               : 0;
  const auto number = WholeNumber(text.substr(0, end));
  if (!number || factor == 0) {
    Wrong(node, kHint, report);
    return std::nullopt;
  }
  if (*number > kLargest / factor) {
    report.Error(node.where, ErrorNumber::kScalar, node.text + " is too large; at most 64MiB");
    return std::nullopt;
  }
  return *number * factor;
}

std::optional<double> ParseFactor(const Node& node, Report& report) {
  constexpr double kLargest = 1000.0;
  if (!RequireScalar(node, "a factor such as 1.5", report)) {
    return std::nullopt;
  }
  double value = 0;
  const char* end_of_text = node.text.data() + node.text.size();
  const auto [end, error] =
      std::from_chars(node.text.data(), end_of_text, value, std::chars_format::fixed);
  if (error != std::errc() || end != end_of_text || !(value >= 0.0) || value > kLargest) {
    Wrong(node, "a factor such as 1.5", report);
    return std::nullopt;
  }
  return value;
}

std::optional<double> ParsePolicyFactor(const Node& node, Report& report) {
  return node.IsScalar() && node.text == "nan" ? std::numeric_limits<double>::quiet_NaN()
                                               : ParseFactor(node, report);
}

std::optional<bool> ParseBool(const Node& node, Report& report) {
  if (!RequireScalar(node, "true or false", report)) {
    return std::nullopt;
  }
  if (node.text != "true" && node.text != "false") {
    Wrong(node, "true or false", report);
    return std::nullopt;
  }
  return node.text == "true";
}

std::optional<std::string> ParseHex(const Node& node, Report& report) {
  if (!RequireScalar(node, "hexadecimal bytes such as \"0aff\"", report)) {
    return std::nullopt;
  }
  std::string bytes;
  for (std::size_t i = 0; i < node.text.size(); i += 2) {
    unsigned value = 0;
    const char* pair = node.text.data() + i;
    const bool whole = i + 1 < node.text.size();
    if (!whole || std::from_chars(pair, pair + 2, value, 16).ptr != pair + 2) {
      Wrong(node, "hexadecimal bytes such as \"0aff\"", report);
      return std::nullopt;
    }
    bytes += static_cast<char>(value);
  }
  return bytes;
}

}  // namespace cmb::conformance::scenario
