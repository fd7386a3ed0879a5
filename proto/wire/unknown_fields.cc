#include "proto/wire/unknown_fields.h"

#include <google/protobuf/unknown_field_set.h>

#include <vector>

namespace cmb::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool AnyIn(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    return HasUnknownFields(reflection.GetMessage(message, &field));
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (HasUnknownFields(reflection.GetRepeatedMessage(message, &field, i))) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool HasUnknownFields(const Message& message) {
  if (!message.GetReflection()->GetUnknownFields(message).empty()) {
    return true;
  }
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && AnyIn(message, *field)) {
      return true;
    }
  }
  return false;
}

}  // namespace cmb::wire
