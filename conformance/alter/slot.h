// One value of a Protobuf message, found by reflection: a singular field or one element of a list.
// Called by field_alterations. Borrows the message. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>

namespace cmb::conformance::alter {

struct Slot {
  google::protobuf::Message* message = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;
  int element = -1;  // Of a list. -1: the field is singular.

  bool IsText() const;     // string or bytes.
  bool IsMessage() const;  // Otherwise, or a number, an enum or a bool.
  bool IsAbsent() const;   // A singular field that says nothing.

  // Floating numbers lose what stands behind the point.
  std::int64_t Number() const;
  void SetNumber(std::int64_t number) const;
  std::string Text() const;
  void SetText(const std::string& text) const;
  google::protobuf::Message& Nested() const;
};

}  // namespace cmb::conformance::alter
