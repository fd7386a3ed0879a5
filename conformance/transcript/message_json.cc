// Protobuf's own writer looks up every type anew at each call, which was a quarter of the time of a
// run that keeps its transcripts. Its reader reads what is written here.
#include <cmath>

#include "conformance/transcript/base64.h"
#include "conformance/transcript/frame_json.h"

namespace cmb::conformance {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

Json OfDouble(double value) {
  if (std::isfinite(value)) {
    return value;
  }
  return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

Json OfEnum(const google::protobuf::EnumDescriptor& words, int number) {
  const auto* word = words.FindValueByNumber(number);
  return word == nullptr ? Json(number) : Json(word->name());
}

// The one value of a field, or one of a repeated field.
class Value {
  using Reflection = google::protobuf::Reflection;

  const google::protobuf::Reflection& Of() const { return *message_.GetReflection(); }

  template <typename One, typename OfMany>
  auto Get(One one, OfMany of_many) const {
    return index_ < 0 ? (Of().*one)(message_, &field_) : (Of().*of_many)(message_, &field_, index_);
  }

 public:
  Value(const Message& message, const FieldDescriptor& field, int index)
      : message_(message), field_(field), index_(index) {}

  // Numbers of 64 bits are text, since readers in other languages have them as doubles.
  Json Written() const {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return Get(&Reflection::GetBool, &Reflection::GetRepeatedBool);
      case FieldDescriptor::CPPTYPE_INT32:
        return Get(&Reflection::GetInt32, &Reflection::GetRepeatedInt32);
      case FieldDescriptor::CPPTYPE_UINT32:
        return Get(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32);
      case FieldDescriptor::CPPTYPE_INT64:
        return std::to_string(Get(&Reflection::GetInt64, &Reflection::GetRepeatedInt64));
      case FieldDescriptor::CPPTYPE_UINT64:
        return std::to_string(Get(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return OfDouble(Get(&Reflection::GetFloat, &Reflection::GetRepeatedFloat));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return OfDouble(Get(&Reflection::GetDouble, &Reflection::GetRepeatedDouble));
      case FieldDescriptor::CPPTYPE_ENUM:
        return OfEnum(*field_.enum_type(),
                      Get(&Reflection::GetEnumValue, &Reflection::GetRepeatedEnumValue));
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string text = Get(&Reflection::GetString, &Reflection::GetRepeatedString);
        return field_.type() == FieldDescriptor::TYPE_BYTES ? Base64(text) : text;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return ToJson(index_ < 0 ? Of().GetMessage(message_, &field_)
                                 : Of().GetRepeatedMessage(message_, &field_, index_));
    }
    return nullptr;  // No type is left.
  }

 private:
  const Message& message_;
  const FieldDescriptor& field_;
  int index_;  // Negative: the field has one.
};

Json OfField(const Message& message, const FieldDescriptor& field) {
  if (!field.is_repeated()) {
    return Value(message, field, -1).Written();
  }
  Json values = Json::array();
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    values.push_back(Value(message, field, i).Written());
  }
  return values;
}

}  // namespace

Json ToJson(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  Json json = Json::object();
  for (const FieldDescriptor* field : fields) {
    json[field->name()] = OfField(message, *field);
  }
  return json;
}

}  // namespace cmb::conformance
