#include "conformance/alter/slot.h"

namespace cmb::conformance::alter {
namespace {

using Field = google::protobuf::FieldDescriptor;

}  // namespace

bool Slot::IsText() const { return field->cpp_type() == Field::CPPTYPE_STRING; }

bool Slot::IsMessage() const { return field->cpp_type() == Field::CPPTYPE_MESSAGE; }

bool Slot::IsAbsent() const {
  return element < 0 && !message->GetReflection()->HasField(*message, field);
}

std::int64_t Slot::Number() const {
  const auto& reflection = *message->GetReflection();
  const bool listed = element >= 0;
  switch (field->cpp_type()) {
    case Field::CPPTYPE_INT32:
      return listed ? reflection.GetRepeatedInt32(*message, field, element)
                    : reflection.GetInt32(*message, field);
    case Field::CPPTYPE_INT64:
      return listed ? reflection.GetRepeatedInt64(*message, field, element)
                    : reflection.GetInt64(*message, field);
    case Field::CPPTYPE_UINT32:
      return listed ? reflection.GetRepeatedUInt32(*message, field, element)
                    : reflection.GetUInt32(*message, field);
    case Field::CPPTYPE_UINT64:
      return static_cast<std::int64_t>(listed
                                           ? reflection.GetRepeatedUInt64(*message, field, element)
                                           : reflection.GetUInt64(*message, field));
    case Field::CPPTYPE_DOUBLE:
      return static_cast<std::int64_t>(listed
                                           ? reflection.GetRepeatedDouble(*message, field, element)
                                           : reflection.GetDouble(*message, field));
    case Field::CPPTYPE_FLOAT:
      return static_cast<std::int64_t>(listed
                                           ? reflection.GetRepeatedFloat(*message, field, element)
                                           : reflection.GetFloat(*message, field));
    case Field::CPPTYPE_BOOL:
      return (listed ? reflection.GetRepeatedBool(*message, field, element)
                     : reflection.GetBool(*message, field))
                 ? 1
                 : 0;
    case Field::CPPTYPE_ENUM:
      return listed ? reflection.GetRepeatedEnumValue(*message, field, element)
                    : reflection.GetEnumValue(*message, field);
    case Field::CPPTYPE_STRING:
    case Field::CPPTYPE_MESSAGE:
      return 0;
  }
  return 0;
}

namespace {

// `set` is called as set(reflection method for one, for an element).
template <typename Value, typename Single, typename Repeated>
void Put(const Slot& slot, Value value, Single single, Repeated repeated) {
  const auto& reflection = *slot.message->GetReflection();
  if (slot.element >= 0) {
    (reflection.*repeated)(slot.message, slot.field, slot.element, value);
  } else {
    (reflection.*single)(slot.message, slot.field, value);
  }
}

}  // namespace

void Slot::SetNumber(std::int64_t number) const {
  using Reflection = google::protobuf::Reflection;
  switch (field->cpp_type()) {
    case Field::CPPTYPE_INT32:
      return Put(*this, static_cast<std::int32_t>(number), &Reflection::SetInt32,
                 &Reflection::SetRepeatedInt32);
    case Field::CPPTYPE_INT64:
      return Put(*this, number, &Reflection::SetInt64, &Reflection::SetRepeatedInt64);
    case Field::CPPTYPE_UINT32:
      return Put(*this, static_cast<std::uint32_t>(number), &Reflection::SetUInt32,
                 &Reflection::SetRepeatedUInt32);
    case Field::CPPTYPE_UINT64:
      return Put(*this, static_cast<std::uint64_t>(number), &Reflection::SetUInt64,
                 &Reflection::SetRepeatedUInt64);
    case Field::CPPTYPE_DOUBLE:
      return Put(*this, static_cast<double>(number), &Reflection::SetDouble,
                 &Reflection::SetRepeatedDouble);
    case Field::CPPTYPE_FLOAT:
      return Put(*this, static_cast<float>(number), &Reflection::SetFloat,
                 &Reflection::SetRepeatedFloat);
    case Field::CPPTYPE_BOOL:
      return Put(*this, number != 0, &Reflection::SetBool, &Reflection::SetRepeatedBool);
    case Field::CPPTYPE_ENUM:
      return Put(*this, static_cast<int>(number), &Reflection::SetEnumValue,
                 &Reflection::SetRepeatedEnumValue);
    case Field::CPPTYPE_STRING:
    case Field::CPPTYPE_MESSAGE:
      return;
  }
}

std::string Slot::Text() const {
  const auto& reflection = *message->GetReflection();
  return element >= 0 ? reflection.GetRepeatedString(*message, field, element)
                      : reflection.GetString(*message, field);
}

void Slot::SetText(const std::string& text) const {
  const auto& reflection = *message->GetReflection();
  if (element >= 0) {
    reflection.SetRepeatedString(message, field, element, text);
  } else {
    reflection.SetString(message, field, text);
  }
}

google::protobuf::Message& Slot::Nested() const {
  const auto& reflection = *message->GetReflection();
  return element >= 0 ? *reflection.MutableRepeatedMessage(message, field, element)
                      : *reflection.MutableMessage(message, field);
}

}  // namespace cmb::conformance::alter
