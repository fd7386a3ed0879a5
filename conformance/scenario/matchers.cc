#include "conformance/scenario/matchers.h"

#include <google/protobuf/descriptor.h>

#include <functional>
#include <utility>

#include "conformance/scenario/field_paths.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

// Gives a value its one form; empty and an error when it is none.
using Normalise = std::function<std::string(const Node&)>;

template <class Enum>
std::string WordText(const Node& node, std::string_view what, Report& report) {
  const auto value = ParseWordAt<Enum>(node.where, node.text, what, report);
  return value ? wire::Word(*value) : "";
}

std::string NormalText(const Node& node, Type type, Report& report) {
  if (type == Type::kMatchCount) {
    return ParseCount(node, report) ? node.text : "";
  }
  if (type == Type::kMatchDuration) {
    const auto duration = ParseDuration(node, report);
    return duration ? std::to_string(duration->count()) : "";
  }
  if (type == Type::kMatchState) {
    return WordText<words::State>(node, "state", report);
  }
  if (type == Type::kMatchCertainty) {
    return WordText<words::Certainty>(node, "certainty", report);
  }
  if (type == Type::kMatchReason) {
    return WordText<words::Reason>(node, "reason", report);
  }
  if (type == Type::kMatchCode) {
    return WordText<words::ErrorCode>(node, "error code", report);
  }
  return node.text;
}

// `A..B` of whole numbers or of durations, as the type has them.
std::optional<CountRange> RangeOf(const Node& node, Type type, Report& report) {
  if (node.text.find("..") == std::string::npos) {
    return std::nullopt;
  }
  if (type == Type::kMatchDuration) {
    const auto range = ParseDurationRange(node, report);
    return range ? CountRange{static_cast<std::uint64_t>(range->low.count()),
                              static_cast<std::uint64_t>(range->high.count())}
                 : CountRange{};
  }
  if (type == Type::kMatchCount) {
    return ParseCountRange(node, report).value_or(CountRange{});
  }
  // Of a text only a range of numbers is a range: "a..b" may be what is meant.
  const std::size_t dots = node.text.find("..");
  const bool numbers =
      WholeNumber(node.text.substr(0, dots)) && WholeNumber(node.text.substr(dots + 2));
  return numbers ? ParseCountRange(node, report) : std::nullopt;
}

Matcher ScalarMatcher(const Node& node, Type type, const Normalise& normalise, Report& report) {
  Matcher matcher;
  if (node.text == "present" || node.text == "absent") {
    matcher.kind = node.text == "present" ? Matcher::Kind::kPresent : Matcher::Kind::kAbsent;
  } else if (const auto range = RangeOf(node, type, report)) {
    matcher.kind = Matcher::Kind::kWithin;
    matcher.range = *range;
  } else {
    matcher.text = normalise(node);
  }
  return matcher;
}

std::optional<Matcher> AnyMatcher(const Node& node, Type type, const Normalise& normalise,
                                  Report& report);

std::optional<Matcher> MappingMatcher(const Node& node, Type type, const Normalise& normalise,
                                      Report& report) {
  const std::vector<std::string> known = {"contains", "any_of", "is"};
  if (node.entries.size() != 1) {
    report.Error(node.where, ErrorNumber::kShape,
                 "a matcher is a value, or one of {contains: text}, {any_of: [...]}, {is: text}");
    return std::nullopt;
  }
  const Entry& entry = node.entries.front();
  Matcher matcher;
  if (entry.key.text == "any_of") {
    if (!RequireSequence(entry.value, "a list", report)) {
      return std::nullopt;
    }
    matcher.kind = Matcher::Kind::kAnyOf;
    for (const Node& item : entry.value.items) {
      if (auto one = AnyMatcher(item, type, normalise, report)) {
        matcher.list.push_back(std::move(*one));
      }
    }
    if (entry.value.items.empty()) {
      report.Error(entry.value.where, ErrorNumber::kShape, "any_of names nothing that it may be");
    }
    return matcher;
  }
  if (entry.key.text != "contains" && entry.key.text != "is") {
    report.Error(entry.key.where, ErrorNumber::kShape,
                 UnknownWord(entry.key.text, "matcher", known));
    return std::nullopt;
  }
  if (!RequireScalar(entry.value, "a text", report)) {
    return std::nullopt;
  }
  const bool contains = entry.key.text == "contains";
  matcher.kind = contains ? Matcher::Kind::kContains : Matcher::Kind::kEqual;
  matcher.text = contains ? entry.value.text : normalise(entry.value);
  return matcher;
}

std::optional<Matcher> AnyMatcher(const Node& node, Type type, const Normalise& normalise,
                                  Report& report) {
  if (node.IsMapping()) {
    return MappingMatcher(node, type, normalise, report);
  }
  if (node.IsScalar()) {
    return ScalarMatcher(node, type, normalise, report);
  }
  Matcher matcher;
  matcher.kind = Matcher::Kind::kList;
  for (const Node& item : node.items) {
    if (auto one = AnyMatcher(item, type, normalise, report)) {
      matcher.list.push_back(std::move(*one));
    }
  }
  return matcher;
}

bool IsNumberField(const google::protobuf::FieldDescriptor& field) {
  return field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_UINT32 ||
         field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_UINT64;
}

// `find` gives the field of a path, or null with an error.
template <class Find>
std::vector<FieldMatch> FieldsFoundBy(const Node& node, const Find& find, Report& report) {
  std::vector<FieldMatch> fields;
  if (!RequireMapping(node, "a mapping PATH: matcher", report)) {
    return fields;
  }
  for (const Entry& entry : node.entries) {
    const std::size_t before = report.error_count();
    const auto* field = find(entry.key);
    if (report.error_count() != before) {
      continue;
    }
    const bool number = field != nullptr && IsNumberField(*field);
    const auto normalise = [&](const Node& value) {
      return field == nullptr ? value.text : NormalValue(value.where, value.text, *field, report);
    };
    auto matcher =
        AnyMatcher(entry.value, number ? Type::kMatchCount : Type::kMatchText, normalise, report);
    if (matcher) {
      fields.push_back({entry.key.text, std::move(*matcher), entry.key.where});
    }
  }
  return fields;
}

}  // namespace

std::optional<Matcher> ParseMatcher(const Node& node, Type type, Report& report) {
  if (type != Type::kMatchText && node.IsSequence()) {
    RequireScalar(node, TypeText(type), report);
    return std::nullopt;
  }
  return AnyMatcher(
      node, type, [&](const Node& value) { return NormalText(value, type, report); }, report);
}

std::vector<FieldMatch> ParseFields(const Node& node, Term::Kind kind, Report& report) {
  return FieldsFoundBy(
      node,
      [&](const Node& path) {
        return IsUnknownPath(path.text) ? nullptr : FindField(path.where, path.text, kind, report);
      },
      report);
}

std::vector<FieldMatch> ParseRecordFields(const Node& node, Report& report) {
  return FieldsFoundBy(
      node, [&](const Node& path) { return FindRecordField(path.where, path.text, report); },
      report);
}
std::vector<AnomalyCount> ParseAnomalies(const Node& node, Report& report) {
  std::vector<AnomalyCount> counts;
  const bool by_kind = node.IsMapping() && node.Find("any_of") == nullptr;
  if (!by_kind) {
    if (auto count = ParseMatcher(node, Type::kMatchCount, report)) {
      counts.push_back({std::nullopt, std::move(*count)});
    }
    return counts;
  }
  for (const Entry& entry : node.entries) {
    const auto kind =
        ParseWordAt<words::AnomalyKind>(entry.key.where, entry.key.text, "anomaly", report);
    auto count = ParseMatcher(entry.value, Type::kMatchCount, report);
    if (kind && count) {
      counts.push_back({kind, std::move(*count)});
    }
  }
  return counts;
}

TimerCheck ParseTimers(const Node& node, Report& report) {
  TimerCheck check;
  if (node.IsScalar() && node.text == "none") {
    check.none = true;
    return check;
  }
  if (!RequireMapping(node, "a mapping KIND: duration, or none", report)) {
    return check;
  }
  for (const Entry& entry : node.entries) {
    const auto kind = ParseTimerKind(entry.key.where, entry.key.text, report);
    const auto remaining = ParseDuration(entry.value, report);
    if (kind && remaining) {
      check.timers.emplace_back(*kind, *remaining);
    }
  }
  return check;
}

std::vector<FieldMatch> ParseViews(const Node& node, Report& report) {
  const std::vector<std::string> known = {"cmb_v0", "sw4rm", "fleet"};
  std::vector<FieldMatch> views;
  if (!RequireMapping(node, "a mapping VIEW: text", report)) {
    return views;
  }
  for (const Entry& entry : node.entries) {
    const bool is_view =
        entry.key.text == known[0] || entry.key.text == known[1] || entry.key.text == known[2];
    if (!is_view) {
      report.Error(entry.key.where, ErrorNumber::kShape,
                   UnknownWord(entry.key.text, "view", known));
    } else if (auto matcher = ParseMatcher(entry.value, Type::kMatchText, report)) {
      views.push_back({entry.key.text, std::move(*matcher), entry.key.where});
    }
  }
  return views;
}

}  // namespace cmb::conformance::scenario
