// The parts of a transcript's JSON that every entry is made of: protobuf values, bytes, frames.
// Called by transcript_json.cc and by the reader of event logs. Functions that read throw Broken,
// which does not leave the module. Spec: chapter conformance.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "conformance/transcript/transcript.h"

namespace cmb::conformance {

using Json = nlohmann::ordered_json;

// A fault in the text read.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One line. Text that is not UTF-8 loses the bytes that are not.
std::string LineOf(const Json& json);

// Throws Broken where `text` is not one JSON value, or nested deeper than any entry.
Json FromLine(const std::string& text);

Json ToJson(const google::protobuf::Message& message);
void FromJson(const Json& json, google::protobuf::Message& message);

Json ToJson(const FrameBytes& frame);
FrameBytes FrameFromJson(const Json& json);

Json ToJson(const DataFrame& frame);
DataFrame DataFrameFromJson(const Json& json);

}  // namespace cmb::conformance
