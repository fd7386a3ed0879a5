// How frames are made wrong and payloads written: `set`, `corrupt`, `payload`.
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "conformance/scenario/field_paths.h"
#include "conformance/scenario/matchers.h"
#include "conformance/scenario/nearest.h"
#include "conformance/scenario/references.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"
#include "proto/wire/mutilate.h"

namespace cmb::conformance::scenario {
namespace {

// Numbers up to this one are the schema's own or reserved for it.
constexpr std::uint64_t kLastReserved = 99;
constexpr std::uint64_t kLargestFieldNumber = 536'870'911;

// The only key of a mapping of one key, or null.
const Entry* OnlyEntry(const Node& node) {
  return node.IsMapping() && node.entries.size() == 1 ? &node.entries.front() : nullptr;
}

// A mapping whose only key is a slip of one of `keys`; said.
bool IsSlip(const Entry* entry, const std::vector<std::string>& keys, Report& report) {
  if (entry == nullptr || std::find(keys.begin(), keys.end(), entry->key.text) != keys.end()) {
    return false;
  }
  report.Error(entry->key.where, ErrorNumber::kShape,
               "unknown key '" + entry->key.text + "'" + Suggestion(entry->key.text, keys));
  return true;
}

std::optional<SetField> ParseUnknownField(const Entry& entry, Report& report) {
  SetField field;
  field.kind = SetField::Kind::kUnknown;
  field.path = entry.key.text;
  field.where = entry.key.where;
  const std::string& path = entry.key.text;
  const auto number = WholeNumber(std::string_view(path).substr(path.rfind('.') + 1));
  if (!number || *number <= kLastReserved || *number > kLargestFieldNumber) {
    report.Error(entry.key.where, ErrorNumber::kScalar,
                 "'" + entry.key.text + "' is not unknown.N with a field number above 99");
    return std::nullopt;
  }
  const auto bytes = ParseHex(entry.value, report);
  if (!bytes) {
    return std::nullopt;
  }
  field.number = static_cast<std::uint32_t>(*number);
  field.values.push_back(*bytes);
  return field;
}

void FillValues(const Node& node, const google::protobuf::FieldDescriptor& schema, SetField& field,
                Report& report) {
  const std::vector<Node> single{node};
  for (const Node& item : node.IsSequence() ? node.items : single) {
    if (RequireScalar(item, "a value of " + schema.name(), report)) {
      field.values.push_back(NormalValue(item.where, item.text, schema, report));
    }
  }
}

// The path leads through a list of messages, which gets one for each value. It is known to exist.
bool LeadsThroughList(std::string_view path) {
  const auto* schema = words::CognitiveMessage::descriptor();
  for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    const auto* field = schema->FindFieldByName(std::string(path.substr(0, dot)));
    if (field->is_repeated()) {
      return true;
    }
    schema = field->message_type();
    path.remove_prefix(dot + 1);
  }
  return false;
}

std::optional<SetField> ParseSetField(const Entry& entry, Report& report) {
  if (IsUnknownPath(entry.key.text)) {
    return ParseUnknownField(entry, report);
  }
  const auto* schema = FindField(entry.key.where, entry.key.text, Term::Kind::kMessage, report);
  if (schema == nullptr) {
    return std::nullopt;
  }
  SetField field;
  field.path = entry.key.text;
  field.where = entry.key.where;
  if (entry.value.IsScalar() && entry.value.text == "absent") {
    field.kind = SetField::Kind::kAbsent;
    return field;
  }
  if (schema->message_type() != nullptr) {
    report.Error(entry.value.where, ErrorNumber::kShape,
                 entry.key.text + " has fields of its own; set one of these, or absent");
    return std::nullopt;
  }
  const bool is_list = schema->is_repeated() || LeadsThroughList(entry.key.text);
  if (entry.value.IsSequence() && !is_list) {
    RequireScalar(entry.value, "a value of " + schema->name(), report);
    return std::nullopt;
  }
  field.kind = is_list ? SetField::Kind::kList : SetField::Kind::kValue;
  FillValues(entry.value, *schema, field, report);
  return field;
}

}  // namespace

std::vector<SetField> ParseSet(const Node& node, Report& report) {
  std::vector<SetField> set;
  if (!RequireMapping(node, "a mapping PATH: value", report)) {
    return set;
  }
  for (const Entry& entry : node.entries) {
    if (auto field = ParseSetField(entry, report)) {
      set.push_back(std::move(*field));
    }
  }
  return set;
}

Payload ParsePayload(const Node& node, Report& report) {
  Payload payload;
  if (node.IsScalar()) {
    payload.kind = Payload::Kind::kText;
    payload.text = node.text;
    return payload;
  }
  const Entry* entry = OnlyEntry(node);
  if (entry != nullptr && entry->key.text == "size") {
    payload.kind = Payload::Kind::kSize;
    payload.size = ParseSize(entry->value, report).value_or(0);
  } else if (entry != nullptr && entry->key.text == "hex") {
    payload.kind = Payload::Kind::kBytes;
    payload.text = ParseHex(entry->value, report).value_or("");
  } else if (!IsSlip(entry, {"size", "hex"}, report)) {
    report.Error(node.where, ErrorNumber::kShape,
                 "a payload is a text, {size: N} or {hex: \"0aff\"}");
  }
  return payload;
}

std::string ParseKey(const Node& node, Report& report) {
  const Entry* entry = OnlyEntry(node);
  if (entry != nullptr && entry->key.text == "size") {
    return std::string(ParseSize(entry->value, report).value_or(0), 'k');
  }
  if (!IsSlip(entry, {"size"}, report) && RequireScalar(node, "a name or {size: N}", report) &&
      FindReferences(node.text).empty()) {
    ParseName(node, report);
  }
  return node.text;
}

PayloadMatch ParsePayloadMatch(const Node& node, Report& report) {
  PayloadMatch match;
  const Entry* entry = OnlyEntry(node);
  if (node.IsScalar() && node.text == "same") {
    match.kind = PayloadMatch::Kind::kSame;
  } else if (entry != nullptr && entry->key.text == "size") {
    match.kind = PayloadMatch::Kind::kSize;
    match.size = ParseSize(entry->value, report).value_or(0);
  } else if (!IsSlip(entry, {"size", "contains", "any_of", "is"}, report)) {
    match.matcher = ParseMatcher(node, Type::kMatchText, report).value_or(Matcher{});
  }
  return match;
}

Harm ParseHarm(const Node& node, Report& report) {
  Harm harm;
  const Entry* entry = OnlyEntry(node);
  if (entry != nullptr && (entry->key.text == "truncate" || entry->key.text == "flip_bit")) {
    const bool truncate = entry->key.text == "truncate";
    harm.kind = truncate ? Harm::Kind::kTruncate : Harm::Kind::kFlipBit;
    harm.at = ParseCount(entry->value, report).value_or(0);
    return harm;
  }
  if (IsSlip(entry, {"truncate", "flip_bit"}, report) ||
      !RequireScalar(node, "a harm such as bad_utf8, {truncate: N} or {flip_bit: N}", report)) {
    return harm;
  }
  if (!wire::ParseHarm(node.text)) {
    report.Error(node.where, ErrorNumber::kWord, UnknownWord(node.text, "harm", wire::AllHarms()));
    return harm;
  }
  harm.kind = Harm::Kind::kNamed;
  harm.name = node.text;
  return harm;
}

}  // namespace cmb::conformance::scenario
