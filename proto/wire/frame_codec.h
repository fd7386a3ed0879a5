// Bytes <-> value: the two frames of a message of the protocol.
//
// A message is exactly two frames, header and payload. The codec says whether
// the bytes are a header at all; whether a well-formed header makes sense where
// it arrived is the receiver's to judge. Called by every side of the wire:
// reference, lower tester, oracle. No sockets, no policy, no state; safe from
// any thread. Spec: chapter "Wire binding".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cmb/ack/v1/message.pb.h"

namespace cmb::wire {

// The parts of one ZeroMQ multipart message, routing envelope removed.
using Frames = std::vector<std::string>;

// Why bytes are no message. All of them are the anomaly MALFORMED.
enum class DecodeFault {
  kFrameCount,     // Not exactly two frames.
  kEmptyHeader,    // The header frame has no bytes.
  kNotProtobuf,    // It does not parse, truncated or invalid UTF-8 included.
  kWrongWireType,  // A known field number with another wire type.
};

struct DecodeError {
  DecodeFault fault;
  std::string sentence;  // For people: what was wrong, with numbers.
};

struct Decoded {
  ack::v1::CognitiveMessage header;
  std::string payload;
};

// CMB-WIRE: judges `frames` strictly. Unknown field numbers and unknown enum
// values are no fault and are kept.
std::variant<Decoded, DecodeError> Decode(const Frames& frames);

// The same for the header frame alone, for a router that leaves the payload
// where it is. Fills `header`; absent means that it is well-formed.
std::optional<DecodeError> DecodeHeader(std::string_view bytes, ack::v1::CognitiveMessage& header);

// Fields in the order of their numbers, unknown ones last: equal values have
// equal bytes.
std::string EncodeHeader(const ack::v1::CognitiveMessage& header);
Frames Encode(const ack::v1::CognitiveMessage& header, std::string payload);

// The word of a fault, for example FRAME_COUNT.
std::string_view FaultName(DecodeFault fault);

}  // namespace cmb::wire
