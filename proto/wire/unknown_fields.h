// Whether a message holds fields that this schema does not know, at any depth: what no JSON form
// and no decoded copy shows. Pure; any thread.
#pragma once

#include <google/protobuf/message.h>

namespace cmb::wire {

bool HasUnknownFields(const google::protobuf::Message& message);

}  // namespace cmb::wire
