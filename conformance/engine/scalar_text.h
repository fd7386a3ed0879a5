// A scalar of any message as a text.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace cmb::conformance::engine {

// `index` is looked at where the field is a list. An inner message is shown in braces.
std::string ScalarText(const google::protobuf::Message& message,
                       const google::protobuf::FieldDescriptor& field, int index);

}  // namespace cmb::conformance::engine
