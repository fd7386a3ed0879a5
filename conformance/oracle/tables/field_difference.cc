#include "conformance/oracle/tables/field_difference.h"

#include <google/protobuf/text_format.h>

#include <algorithm>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "conformance/oracle/tables/machine_tables.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle::tables {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool Lists(const FieldGroups& all, std::string_view group, const std::string& field) {
  const auto found = all.find(std::string(group));
  return found != all.end() && found->second.count(field) != 0;
}

bool Lists(const FieldGroups& all, const std::vector<std::string_view>& groups,
           const std::string& field) {
  return Lists(all, "all", field) ||
         std::any_of(groups.begin(), groups.end(), [&](std::string_view group) {
           return group == field || Lists(all, group, field);
         });
}

bool IsPresent(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) != 0
                             : reflection.HasField(message, &field);
}

// There and empty it says what it says when it is absent; a policy, in a MESSAGE of one's own.
bool MayBeEmpty(const Message& message, const FieldDescriptor& field,
                const std::vector<std::string_view>& groups) {
  const auto* header = dynamic_cast<const ack::v1::CognitiveMessage*>(&message);
  return field.message_type() == ack::v1::TransitionDetails::descriptor() ||
         (field.message_type() == ack::v1::DeliveryPolicy::descriptor() && header != nullptr &&
          header->msg_type() == ack::v1::MSG_TYPE_MESSAGE &&
          std::find(groups.begin(), groups.end(), "own frame") != groups.end());
}

std::string Shown(const Message& message, const FieldDescriptor& field) {
  if (!IsPresent(message, field)) {
    return kAbsent;
  }
  constexpr std::size_t kLongest = 120;
  std::string text;
  if (field.is_repeated()) {
    const int size = message.GetReflection()->FieldSize(message, &field);
    for (int i = 0; i < size; ++i) {
      std::string one;
      google::protobuf::TextFormat::PrintFieldValueToString(message, &field, i, &one);
      text += (i == 0 ? "[" : ", ") + one;
    }
    text += "]";
  } else {
    google::protobuf::TextFormat::PrintFieldValueToString(message, &field, -1, &text);
  }
  if (text.size() > kLongest) {
    text.resize(kLongest);
    text += "…";
  }
  return text;
}

class Comparison {
 public:
  explicit Comparison(const std::vector<std::string_view>& groups) : groups_(groups) {}

  std::optional<FieldDifference> Of(const Message& expected, const Message& seen,
                                    const std::string& prefix) const {
    const auto& type = *expected.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      if (auto difference = OfField(expected, seen, *type.field(i), prefix)) {
        return difference;
      }
    }
    const auto& unknown = seen.GetReflection()->GetUnknownFields(seen);
    if (unknown.field_count() !=
        expected.GetReflection()->GetUnknownFields(expected).field_count()) {
      return FieldDifference{prefix + "(unknown fields)", "as they came", "others"};
    }
    return std::nullopt;
  }

 private:
  std::optional<FieldDifference> OfField(const Message& expected, const Message& seen,
                                         const FieldDescriptor& field,
                                         const std::string& prefix) const {
    const bool wanted = IsPresent(expected, field), given = IsPresent(seen, field);
    if ((!wanted && !given) || Lists(FreeFields(), groups_, field.full_name()) ||
        (!given && Lists(FieldsThatMayBeAbsent(), groups_, field.full_name()))) {
      return std::nullopt;
    }
    const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (is_message && !field.is_repeated() &&
        (wanted == given || MayBeEmpty(expected, field, groups_))) {
      return Of(expected.GetReflection()->GetMessage(expected, &field),
                seen.GetReflection()->GetMessage(seen, &field), prefix + field.name() + ".");
    }
    if (auto inner = is_message && field.is_repeated() ? OfList(expected, seen, field, prefix)
                                                       : std::nullopt) {
      return inner;
    }
    const bool begins = Lists(FieldsOfWhichTheBeginningCounts(), groups_, field.full_name());
    if (wanted == given &&
        (begins ? Begins(expected, seen, field) : IsEqual(expected, seen, field))) {
      return std::nullopt;
    }
    return FieldDifference{prefix + field.name(), Shown(expected, field), Shown(seen, field)};
  }

  // Of lists of one length the first field of an entry that is other than expected.
  std::optional<FieldDifference> OfList(const Message& expected, const Message& seen,
                                        const FieldDescriptor& field,
                                        const std::string& prefix) const {
    const auto& reflection = *expected.GetReflection();
    const int size = reflection.FieldSize(expected, &field);
    for (int i = 0; i < size && size == reflection.FieldSize(seen, &field); ++i) {
      if (auto inner = Of(reflection.GetRepeatedMessage(expected, &field, i),
                          seen.GetReflection()->GetRepeatedMessage(seen, &field, i),
                          prefix + field.name() + ".")) {
        return inner;
      }
    }
    return std::nullopt;
  }

  static bool Begins(const Message& expected, const Message& seen, const FieldDescriptor& field) {
    std::string kept, other;
    const auto& reflection = *expected.GetReflection();
    return reflection.GetStringReference(seen, &field, &other)
        .starts_with(reflection.GetStringReference(expected, &field, &kept));
  }

  bool IsEqual(const Message& expected, const Message& seen, const FieldDescriptor& field) const {
    if (!field.is_repeated()) {
      return IsEqualAt(expected, seen, field, -1);
    }
    const int size = expected.GetReflection()->FieldSize(expected, &field);
    if (size != seen.GetReflection()->FieldSize(seen, &field)) {
      return false;
    }
    for (int i = 0; i < size; ++i) {
      if (!IsEqualAt(expected, seen, field, i)) {
        return false;
      }
    }
    return true;
  }

  bool IsEqualAt(const Message& expected, const Message& seen, const FieldDescriptor& field,
                 int index) const {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return !Of(expected.GetReflection()->GetRepeatedMessage(expected, &field, index),
                 seen.GetReflection()->GetRepeatedMessage(seen, &field, index), "");
    }
    std::string one, other;
    google::protobuf::TextFormat::PrintFieldValueToString(expected, &field, index, &one);
    google::protobuf::TextFormat::PrintFieldValueToString(seen, &field, index, &other);
    return one == other;
  }

  const std::vector<std::string_view>& groups_;
};

}  // namespace

std::optional<FieldDifference> FirstDifference(const Message& expected, const Message& seen,
                                               const std::vector<std::string_view>& groups) {
  if (expected.SerializeAsString() == seen.SerializeAsString()) {
    return std::nullopt;  // As nearly always; to compare the fields takes ten times as long.
  }
  return Comparison(groups).Of(expected, seen, "");
}

}  // namespace cmb::conformance::oracle::tables
