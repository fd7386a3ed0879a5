#include "conformance/engine/field_path.h"

#include <fmt/format.h>
#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include <charconv>
#include <string_view>

#include "conformance/engine/scalar_text.h"
#include "proto/wire/words.h"

namespace cmb::conformance::engine {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::string_view kUnknownPrefix = "unknown.";

struct Head {
  std::string first;
  std::string rest;  // Empty: `first` is the last name.
};

Head Split(const std::string& path) {
  const auto dot = path.find('.');
  if (dot == std::string::npos) {
    return {path, ""};
  }
  return {path.substr(0, dot), path.substr(dot + 1)};
}

template <class Number>
std::optional<Number> ParseNumber(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional<Number>(value) : std::nullopt;
}

FieldValue ReadUnknown(const Message& message, const std::string& number_text) {
  FieldValue value;
  const auto number = ParseNumber<int>(number_text);
  value.known = number.has_value();
  const auto& unknown = message.GetReflection()->GetUnknownFields(message);
  for (int i = 0; number && i < unknown.field_count(); ++i) {
    const auto& field = unknown.field(i);
    if (field.number() == *number &&
        field.type() == google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED) {
      value.present = true;
      value.values.assign(1, field.length_delimited());
    }
  }
  return value;
}

FieldValue ReadLeaf(const Message& message, const FieldDescriptor& field) {
  FieldValue value;
  const Reflection& reflection = *message.GetReflection();
  value.known = true;
  value.list = field.is_repeated();
  if (field.is_repeated()) {
    const int size = reflection.FieldSize(message, &field);
    value.present = size > 0;
    for (int i = 0; i < size; ++i) {
      value.values.push_back(ScalarText(message, field, i));
    }
    return value;
  }
  value.present = reflection.HasField(message, &field);
  if (value.present || !field.has_presence()) {
    value.values.push_back(ScalarText(message, field, 0));
  }
  return value;
}

// Every element's value at `rest`, in one list.
FieldValue ReadThroughList(const Message& message, const FieldDescriptor& field,
                           const std::string& rest) {
  FieldValue all;
  all.known = all.list = true;
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const FieldValue one = ReadField(reflection.GetRepeatedMessage(message, &field, i), rest);
    all.known = all.known && one.known;
    all.values.insert(all.values.end(), one.values.begin(), one.values.end());
  }
  all.present = !all.values.empty();
  return all;
}

// Sets or, for a repeated field, adds one scalar. False: the text is no such
// value. A large switch, since reflection has one setter a type.
bool PutScalar(Message& message, const FieldDescriptor& field, const std::string& text) {
  const Reflection& reflection = *message.GetReflection();
  const bool add = field.is_repeated();
  const auto put = [&](auto value, auto set, auto append) {
    if (value) {
      add ? (reflection.*append)(&message, &field, *value)
          : (reflection.*set)(&message, &field, *value);
    }
    return value.has_value();
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return put(ParseNumber<std::int32_t>(text), &Reflection::SetInt32, &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return put(ParseNumber<std::int64_t>(text), &Reflection::SetInt64, &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return put(ParseNumber<std::uint32_t>(text), &Reflection::SetUInt32, &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return put(ParseNumber<std::uint64_t>(text), &Reflection::SetUInt64, &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return put(ParseNumber<double>(text), &Reflection::SetDouble, &Reflection::AddDouble);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return put(ParseNumber<float>(text), &Reflection::SetFloat, &Reflection::AddFloat);
    case FieldDescriptor::CPPTYPE_BOOL: {
      const auto value = text == "true"    ? std::optional<bool>(true)
                         : text == "false" ? std::optional<bool>(false)
                                           : std::nullopt;
      return put(value, &Reflection::SetBool, &Reflection::AddBool);
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      auto number = ParseNumber<int>(text);
      if (!number) {
        number = wire::NumberOfWord(*field.enum_type(), text);
      }
      return put(number, &Reflection::SetEnumValue, &Reflection::AddEnumValue);
    }
    case FieldDescriptor::CPPTYPE_STRING:
      add ? reflection.AddString(&message, &field, text)
          : reflection.SetString(&message, &field, text);
      return true;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return false;
  }
  return false;
}

std::optional<std::string> PutAll(Message& message, const FieldDescriptor& field,
                                  const std::vector<std::string>& values) {
  message.GetReflection()->ClearField(&message, &field);
  for (const std::string& text : values) {
    if (!PutScalar(message, field, text)) {
      return fmt::format("`{}` is no value of the field {}", text, field.full_name());
    }
  }
  return std::nullopt;
}

std::optional<std::string> WriteAt(Message& message, const std::string& path, bool absent,
                                   const std::vector<std::string>& values) {
  const Head head = Split(path);
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(head.first);
  if (field == nullptr) {
    return fmt::format("{} has no field `{}`", message.GetDescriptor()->name(), head.first);
  }
  const Reflection& reflection = *message.GetReflection();
  if (head.rest.empty()) {
    return PutAll(message, *field, absent ? std::vector<std::string>{} : values);
  }
  if (field->message_type() == nullptr) {
    return fmt::format("`{}` has no field of its own that could be set", head.first);
  }
  if (!field->is_repeated()) {
    return WriteAt(*reflection.MutableMessage(&message, field), head.rest, absent, values);
  }
  if (absent) {
    reflection.ClearField(&message, field);
  }
  // Fills the inner messages that are there, by an earlier path say, and adds the others.
  for (int i = 0; i < (absent ? 0 : static_cast<int>(values.size())); ++i) {
    Message* inner = i < reflection.FieldSize(message, field)
                         ? reflection.MutableRepeatedMessage(&message, field, i)
                         : reflection.AddMessage(&message, field);
    const auto& value = values[static_cast<std::size_t>(i)];
    if (auto wrong = WriteAt(*inner, head.rest, false, {value})) {
      return wrong;
    }
  }
  return std::nullopt;
}

// Of the message itself or, with a path such as ack.unknown.4711, of one in it.
std::optional<std::string> WriteUnknown(Message& message, const std::string& path, int number,
                                        const std::string& bytes) {
  const Reflection& reflection = *message.GetReflection();
  if (path.rfind(kUnknownPrefix, 0) == 0) {
    reflection.MutableUnknownFields(&message)->AddLengthDelimited(number, bytes);
    return std::nullopt;
  }
  const Head head = Split(path);
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(head.first);
  if (field == nullptr || field->message_type() == nullptr || field->is_repeated()) {
    return fmt::format("{} has no message `{}`", message.GetDescriptor()->name(), head.first);
  }
  return WriteUnknown(*reflection.MutableMessage(&message, field), head.rest, number, bytes);
}

}  // namespace

std::string FieldValue::Text() const {
  if (!known) {
    return "no such field";
  }
  if (list) {
    return fmt::format("[{}]", fmt::join(values, ", "));
  }
  if (!present) {
    return "absent";
  }
  return values.empty() ? "present" : values.front();
}

FieldValue ReadField(const Message& message, const std::string& path) {
  if (path.rfind(kUnknownPrefix, 0) == 0) {
    return ReadUnknown(message, path.substr(kUnknownPrefix.size()));
  }
  const Head head = Split(path);
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(head.first);
  if (field == nullptr || (!head.rest.empty() && field->message_type() == nullptr)) {
    return {};
  }
  if (head.rest.empty()) {
    return ReadLeaf(message, *field);
  }
  if (field->is_repeated()) {
    return ReadThroughList(message, *field, head.rest);
  }
  // An absent inner message reads as its default: everything in it is absent.
  return ReadField(message.GetReflection()->GetMessage(message, field), head.rest);
}

std::optional<std::string> WriteField(Message& message, const scenario::SetField& change,
                                      const std::vector<std::string>& values) {
  switch (change.kind) {
    case scenario::SetField::Kind::kUnknown:
      return WriteUnknown(message, change.path, static_cast<int>(change.number),
                          values.empty() ? std::string() : values.front());
    case scenario::SetField::Kind::kAbsent:
      return WriteAt(message, change.path, true, values);
    case scenario::SetField::Kind::kValue:
    case scenario::SetField::Kind::kList:
      return WriteAt(message, change.path, false, values);
  }
  return "this kind of change is not known";
}

void ClearField(Message& message, const std::string& path) {
  if (path.rfind(kUnknownPrefix, 0) == 0) {
    const auto number = ParseNumber<int>(path.substr(kUnknownPrefix.size()));
    if (number) {
      message.GetReflection()->MutableUnknownFields(&message)->DeleteByNumber(*number);
    }
    return;
  }
  const Head head = Split(path);
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(head.first);
  if (field == nullptr) {
    return;
  }
  const Reflection& reflection = *message.GetReflection();
  if (head.rest.empty()) {
    reflection.ClearField(&message, field);
  } else if (!field->is_repeated() && field->message_type() != nullptr &&
             reflection.HasField(message, field)) {
    ClearField(*reflection.MutableMessage(&message, field), head.rest);
  }
}

}  // namespace cmb::conformance::engine
