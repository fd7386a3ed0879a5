// Named ways to break the frames of a correct message, so that a scenario can
// say which harm it does. Works on bytes, not through the codec, so that a
// fault of the codec cannot hide here.
//
// Called by the lower tester; every harm but kFlipBit and a truncation that
// happens to leave a valid prefix makes the frames MALFORMED. No state; safe
// from any thread. Spec: chapter "Wire binding".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/wire/frame_codec.h"

namespace cmb::wire {

enum class Harm {
  kNoHeader,         // The payload frame alone.
  kNoPayload,        // The header frame alone.
  kExtraFrame,       // A third frame, one byte 0x00.
  kEmptyHeader,      // A header frame of no bytes.
  kTruncatedHeader,  // The header without its last byte.
  kNotProtobuf,      // A header of eleven bytes 0xff: a varint that never ends.
  kWrongWireType,    // The header, then field 2 (msg_type) as a byte string.
  kBadUtf8,          // The header, then field 5 (source) with bytes ff fe.
  kGroupHeader,      // The header, then a start-group tag that is never closed.
  kZeroTag,          // The header, then field number 0.
  kLengthOverrun,    // The header, then a byte string longer than what is left.
};

// The frames of `message` after `harm`. `message` has two frames.
Frames Mutilate(const Frames& message, Harm harm);

// The first `bytes` bytes of the header; all of it when it is shorter.
Frames TruncateHeader(const Frames& message, std::size_t bytes);

// The header with bit `bit` inverted, counted from the lowest bit of its first
// byte, modulo its length. A header of no bytes stays.
Frames FlipHeaderBit(const Frames& message, std::size_t bit);

// no_header <-> Harm::kNoHeader. Absent: no such harm.
std::optional<Harm> ParseHarm(std::string_view name);
std::string_view HarmName(Harm harm);
std::vector<std::string> AllHarms();

}  // namespace cmb::wire
