#include "proto/wire/frame_codec.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/unknown_field_set.h>

#include <cstdlib>

namespace cmb::wire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Protobuf files a known number with a foreign wire type under unknown fields,
// so a known number found there is the fault. Returns its number, or 0.
int ForeignWireType(const Message& message) {
  const auto& unknown = message.GetReflection()->GetUnknownFields(message);
  for (int i = 0; i < unknown.field_count(); ++i) {
    if (message.GetDescriptor()->FindFieldByNumber(unknown.field(i).number()) != nullptr) {
      return unknown.field(i).number();
    }
  }
  return 0;
}

int ForeignWireTypeWithin(const Message& message);

int ForeignWireTypeInField(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    return ForeignWireTypeWithin(reflection.GetMessage(message, &field));
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (const int number =
            ForeignWireTypeWithin(reflection.GetRepeatedMessage(message, &field, i))) {
      return number;
    }
  }
  return 0;
}

// Protobuf reports bad UTF-8 on stderr by itself. Bytes of a peer are no news
// for a program's stderr, and the fault is returned anyway.
void QuietProtobuf() {
  static const bool quiet = [] {
    google::protobuf::SetLogHandler(nullptr);
    return true;
  }();
  static_cast<void>(quiet);
}

// Depth is bounded by the schema, which has no recursive message.
int ForeignWireTypeWithin(const Message& message) {
  if (const int number = ForeignWireType(message)) {
    return number;
  }
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    }
    if (const int number = ForeignWireTypeInField(message, *field)) {
      return number;
    }
  }
  return 0;
}

}  // namespace

std::optional<DecodeError> DecodeHeader(std::string_view bytes, ack::v1::CognitiveMessage& header) {
  if (bytes.empty()) {
    return DecodeError{DecodeFault::kEmptyHeader, "the header frame is empty"};
  }
  QuietProtobuf();
  if (!header.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return DecodeError{DecodeFault::kNotProtobuf,
                       fmt::format("{} bytes are no CognitiveMessage", bytes.size())};
  }
  if (const int number = ForeignWireTypeWithin(header)) {
    return DecodeError{DecodeFault::kWrongWireType,
                       fmt::format("field {} has a wire type that is not its own", number)};
  }
  return std::nullopt;
}

std::variant<Decoded, DecodeError> Decode(const Frames& frames) {
  if (frames.size() != 2) {
    return DecodeError{DecodeFault::kFrameCount,
                       fmt::format("{} frames where exactly 2 are expected", frames.size())};
  }
  Decoded decoded;
  if (auto error = DecodeHeader(frames[0], decoded.header)) {
    return *std::move(error);
  }
  decoded.payload = frames[1];
  return decoded;
}

std::string EncodeHeader(const ack::v1::CognitiveMessage& header) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  header.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

Frames Encode(const ack::v1::CognitiveMessage& header, std::string payload) {
  return {EncodeHeader(header), std::move(payload)};
}

std::string_view FaultName(DecodeFault fault) {
  switch (fault) {
    case DecodeFault::kFrameCount:
      return "FRAME_COUNT";
    case DecodeFault::kEmptyHeader:
      return "EMPTY_HEADER";
    case DecodeFault::kNotProtobuf:
      return "NOT_PROTOBUF";
    case DecodeFault::kWrongWireType:
      return "WRONG_WIRE_TYPE";
  }
  std::abort();
}

}  // namespace cmb::wire
