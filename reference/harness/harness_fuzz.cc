// Any requests to a harness of any role: each is answered, with its own number, and what
// the case leaves behind is told. The addresses are the target's own, so that nothing
// leaves the process; the envelope is right unless the input says otherwise.
#include <string>

#include "proto/wire/fuzzing.h"
#include "reference/harness/harness.h"

namespace cmb::reference {
namespace {

using control::v1::Reply;
using control::v1::Request;
using wire::MustHold;

class Suite {
 public:
  void Do(wire::Pieces& input) {
    const bool keeps_envelope = input.TakeByte() % 16 == 15;
    const auto bytes = input.TakePiece();
    Request request;
    if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      request.Clear();
    }
    if (!keeps_envelope) {
      request.set_seq(seq_ + 1);
      request.set_incarnation("i");
      request.set_epoch(epoch_);
    }
    StayInside(request);
    Take(request, harness_.Answer(request));
    harness_.BeginNextCase();
  }

 private:
  // Nothing is opened, kept or waited for outside of this process.
  void StayInside(Request& request) const {
    if (request.has_configure()) {
      auto& configure = *request.mutable_configure();
      configure.clear_store();
      configure.clear_curve();
      int number = 0;
      for (auto& channel : *configure.mutable_channels()) {
        channel.set_address("inproc://" + std::to_string(++number));
      }
      configure.set_ack_ingress("inproc://ingress");
      configure.set_ack_egress("inproc://egress");
    } else if (request.has_advance()) {
      request.mutable_advance()->set_after_received(0);
    } else if (request.has_reset()) {
      request.mutable_reset()->set_after_received(0);
    }
  }

  void Take(const Request& request, const Reply& reply) {
    MustHold(reply.seq() == request.seq(), "the reply has the number of its request");
    MustHold(!reply.has_error() || !reply.error().sentence().empty(), "an error has a sentence");
    MustHold(!reply.SerializeAsString().empty(), "the reply can be written");
    MustHold(reply.now_ms() >= now_ms_ || request.has_configure() || request.has_begin() ||
                 request.has_reset() || last_was_reset_,
             "time never goes back within a case");
    now_ms_ = reply.now_ms();
    const bool is_refused = reply.has_error();
    last_was_reset_ = request.has_reset() && !is_refused;
    epoch_ += last_was_reset_ ? 1 : 0;
    if (request.seq() == seq_ + 1 && request.incarnation() == "i" && request.epoch() <= epoch_ &&
        request.request_case() != Request::REQUEST_NOT_SET) {
      ++seq_;
    }
  }

  Harness harness_{{.control = "inproc://nobody", .incarnation = "i", .check_replay = true}};
  std::uint64_t seq_ = 0;
  std::uint64_t epoch_ = 0;
  std::uint64_t now_ms_ = 0;
  bool last_was_reset_ = false;
};

}  // namespace
}  // namespace cmb::reference

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return cmb::wire::Live(cmb::reference::Suite(), data, size);
}
