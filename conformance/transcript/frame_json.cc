#include "conformance/transcript/frame_json.h"

#include <google/protobuf/util/json_util.h>

#include "proto/wire/frame_codec.h"

namespace cmb::conformance {
namespace {

std::string ToHex(const std::string& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    hex += kDigits[static_cast<unsigned char>(byte) >> 4U];
    hex += kDigits[static_cast<unsigned char>(byte) & 15U];
  }
  return hex;
}

int HexDigit(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  if (digit >= 'a' && digit <= 'f') {
    return digit - 'a' + 10;
  }
  throw Broken("not a hexadecimal digit");
}

std::string FromHex(const std::string& hex) {
  if (hex.size() % 2 != 0) {
    throw Broken("odd number of hexadecimal digits");
  }
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(HexDigit(hex[i]) * 16 + HexDigit(hex[i + 1]));
  }
  return bytes;
}

Direction DirectionFromWord(const std::string& word) {
  if (word == "to_iut") {
    return Direction::kToIut;
  }
  if (word == "from_iut") {
    return Direction::kFromIut;
  }
  throw Broken("unknown direction " + word);
}

// More than any entry has. What reads JSON goes down into it and needs stack for each level.
constexpr int kDeepest = 100;

}  // namespace

Json FromLine(const std::string& text) {
  const auto shallow = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kDeepest) {
      throw Broken("JSON that is nested deeper than " + std::to_string(kDeepest) + " levels");
    }
    return true;
  };
  try {
    return Json::parse(text, shallow);
  } catch (const Json::parse_error& fault) {
    throw Broken("not JSON from column " + std::to_string(fault.byte) + " on");
  }
}

std::string LineOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void FromJson(const Json& json, google::protobuf::Message& message) {
  const auto status = google::protobuf::util::JsonStringToMessage(json.dump(), &message);
  if (!status.ok()) {
    throw Broken(std::string(status.message()));
  }
}

Json ToJson(const FrameBytes& frame) {
  Json json;
  if (frame.elided) {
    json["size"] = frame.size;
    json["fnv1a"] = frame.hash;
  } else {
    json["hex"] = ToHex(frame.bytes);
  }
  return json;
}

FrameBytes FrameFromJson(const Json& json) {
  if (json.contains("hex")) {
    return MakeFrameBytes(FromHex(json.at("hex").get<std::string>()), true);
  }
  FrameBytes frame;
  frame.elided = true;
  frame.size = json.at("size").get<std::uint64_t>();
  frame.hash = json.at("fnv1a").get<std::uint64_t>();
  return frame;
}

Json ToJson(const DataFrame& frame) {
  Json json;
  json["direction"] = frame.direction == Direction::kToIut ? "to_iut" : "from_iut";
  json["socket"] = frame.socket;
  json["peer"] = frame.peer;
  json["frames"] = Json::array();
  for (const FrameBytes& bytes : frame.frames) {
    json["frames"].push_back(ToJson(bytes));
  }
  if (frame.header) {
    json["header"] = ToJson(*frame.header);
  } else {
    json["fault"] = frame.fault;
  }
  return json;
}

DataFrame DataFrameFromJson(const Json& json) {
  DataFrame frame;
  frame.direction = DirectionFromWord(json.at("direction").get<std::string>());
  frame.socket = json.at("socket").get<std::string>();
  frame.peer = json.at("peer").get<std::string>();
  for (const Json& bytes : json.at("frames")) {
    frame.frames.push_back(FrameFromJson(bytes));
  }
  if (json.contains("fault")) {
    frame.fault = json.at("fault").get<std::string>();
    return frame;
  }
  if (frame.frames.empty() || frame.frames[0].elided) {
    throw Broken("a frame without the bytes of its header");
  }
  if (auto error = wire::DecodeHeader(frame.frames[0].bytes, frame.header.emplace())) {
    throw Broken("the header does not decode: " + error->sentence);
  }
  return frame;
}

}  // namespace cmb::conformance
