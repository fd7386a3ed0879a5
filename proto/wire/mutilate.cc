#include "proto/wire/mutilate.h"

#include <array>
#include <cstdlib>
#include <utility>

namespace cmb::wire {
namespace {

constexpr std::array<std::pair<std::string_view, Harm>, 11> kHarms{{
    {"no_header", Harm::kNoHeader},
    {"no_payload", Harm::kNoPayload},
    {"extra_frame", Harm::kExtraFrame},
    {"empty_header", Harm::kEmptyHeader},
    {"truncated_header", Harm::kTruncatedHeader},
    {"not_protobuf", Harm::kNotProtobuf},
    {"wrong_wire_type", Harm::kWrongWireType},
    {"bad_utf8", Harm::kBadUtf8},
    {"group_header", Harm::kGroupHeader},
    {"zero_tag", Harm::kZeroTag},
    {"length_overrun", Harm::kLengthOverrun},
}};

// Bytes written by hand, so that no encoder stands between the test and the
// wire: tag = field number << 3 | wire type.
constexpr std::string_view kField2AsBytes{"\x12\x00", 2};
constexpr std::string_view kField5NotUtf8{"\x2a\x02\xff\xfe", 4};
constexpr std::string_view kField100GroupStart{"\xa3\x06", 2};
constexpr std::string_view kFieldNumber0{"\x00\x00", 2};
constexpr std::string_view kField100FiveBytesMissing{"\xa2\x06\x05", 3};

Frames AppendToHeader(const Frames& message, std::string_view bytes) {
  Frames harmed = message;
  harmed[0].append(bytes);
  return harmed;
}

}  // namespace

Frames TruncateHeader(const Frames& message, std::size_t bytes) {
  Frames harmed = message;
  harmed[0] = harmed[0].substr(0, bytes);
  return harmed;
}

Frames FlipHeaderBit(const Frames& message, std::size_t bit) {
  Frames harmed = message;
  std::string& header = harmed[0];
  if (!header.empty()) {
    char& byte = header[(bit / 8) % header.size()];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (bit % 8)));
  }
  return harmed;
}

Frames Mutilate(const Frames& message, Harm harm) {
  switch (harm) {
    case Harm::kNoHeader:
      return {message[1]};
    case Harm::kNoPayload:
      return {message[0]};
    case Harm::kExtraFrame:
      return {message[0], message[1], std::string(1, '\0')};
    case Harm::kEmptyHeader:
      return {"", message[1]};
    case Harm::kTruncatedHeader:
      return TruncateHeader(message, message[0].empty() ? 0 : message[0].size() - 1);
    case Harm::kNotProtobuf:
      return {std::string(11, '\xff'), message[1]};
    case Harm::kWrongWireType:
      return AppendToHeader(message, kField2AsBytes);
    case Harm::kBadUtf8:
      return AppendToHeader(message, kField5NotUtf8);
    case Harm::kGroupHeader:
      return AppendToHeader(message, kField100GroupStart);
    case Harm::kZeroTag:
      return AppendToHeader(message, kFieldNumber0);
    case Harm::kLengthOverrun:
      return AppendToHeader(message, kField100FiveBytesMissing);
  }
  std::abort();
}

std::optional<Harm> ParseHarm(std::string_view name) {
  for (const auto& [known, harm] : kHarms) {
    if (known == name) {
      return harm;
    }
  }
  return std::nullopt;
}

std::string_view HarmName(Harm harm) {
  for (const auto& [name, known] : kHarms) {
    if (known == harm) {
      return name;
    }
  }
  std::abort();
}

std::vector<std::string> AllHarms() {
  std::vector<std::string> names;
  for (const auto& [name, harm] : kHarms) {
    names.emplace_back(name);
  }
  return names;
}

}  // namespace cmb::wire
