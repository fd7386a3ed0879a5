// Any bytes as a header frame: it decodes or is refused with a sentence, and what decodes
// is written and read again without a change.
#include <variant>

#include "proto/wire/frame_codec.h"
#include "proto/wire/fuzzing.h"

namespace cmb::wire {
namespace {

void TryHeader(const std::string& bytes) {
  const auto decoded = Decode({bytes, ""});
  if (const auto* error = std::get_if<DecodeError>(&decoded)) {
    MustHold(!error->sentence.empty(), "a fault has a sentence");
    MustHold(error->fault != DecodeFault::kFrameCount, "two frames are two frames");
    return;
  }
  const std::string written = EncodeHeader(std::get<Decoded>(decoded).header);
  if (written.empty()) {
    return;  // Every field has its default, and no bytes are no header.
  }
  ack::v1::CognitiveMessage again;
  MustHold(!DecodeHeader(written, again), "what was written is well-formed");
  MustHold(EncodeHeader(again) == written, "equal values have equal bytes");
}

}  // namespace
}  // namespace cmb::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cmb::wire::TryHeader(std::string(cmb::wire::Pieces(data, size).TakeRest()));
  return 0;
}
