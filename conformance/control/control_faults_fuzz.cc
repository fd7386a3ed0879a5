// Any bytes of a harness as the answer to any request: a message, or a fault with a
// sentence and a requirement.
#include <string>
#include <variant>

#include "conformance/control/control_faults.h"
#include "conformance/control/request_name.h"
#include "proto/wire/fuzzing.h"

namespace cmb::conformance {
namespace {

using wire::MustHold;

void TryReply(const control::v1::Reply& reply, const control::v1::Request& request) {
  const std::string name = RequestName(request);
  MustHold(!name.empty(), "every request has a name");
  MustHold(RequirementOf(request, reply.error().kind()).starts_with("CMB-CTL-"),
           "a sentence of the control channel is broken");
  const auto stray = Stray(reply, request, name);
  const bool fits = reply.seq() == request.seq() && reply.epoch() == request.epoch();
  MustHold(fits != stray.has_value(), "what has seq and epoch of the request is its reply");
  MustHold(!stray || !stray->empty(), "a fault has a sentence");
}

void Try(const control::v1::Request& request, std::string_view bytes, bool has_two_frames) {
  std::vector<zmq::message_t> frames;
  frames.emplace_back(bytes.data(), bytes.size());
  if (has_two_frames) {
    frames.emplace_back();
  }
  const auto parsed = Parse(frames);
  if (const auto* fault = std::get_if<std::string>(&parsed)) {
    MustHold(!fault->empty(), "a fault has a sentence");
    return;
  }
  MustHold(!has_two_frames, "a message is one frame");
  const auto& message = std::get<control::v1::FromHarness>(parsed);
  MustHold(message.has_hello() != message.has_reply(), "it is a Hello or a Reply");
  if (message.has_hello()) {
    const auto fault = FaultOf(message.hello().pics());
    MustHold(!fault || !fault->empty(), "a fault has a sentence");
  } else {
    TryReply(message.reply(), request);
  }
}

}  // namespace
}  // namespace cmb::conformance

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cmb::wire::Pieces input(data, size);
  const bool has_two_frames = input.TakeByte() == 255;
  const auto bytes = input.TakePiece();
  cmb::control::v1::Request request;
  if (request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    cmb::conformance::Try(request, input.TakeRest(), has_two_frames);
  }
  return 0;
}
