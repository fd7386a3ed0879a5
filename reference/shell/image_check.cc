#include "reference/shell/image_check.h"

namespace cmb::reference {
namespace {

using lifecycle::State;

std::string FaultOf(State state, bool needs_frames, const lifecycle::ParcelRef& parcel) {
  if (!ack::v1::State_IsValid(static_cast<int>(state))) {
    return "it is in a state that there is not";
  }
  return needs_frames && !parcel ? "its frames are missing" : "";
}

}  // namespace

std::string FaultOf(const lifecycle::SenderImage& image) {
  const auto state = image.record.state;
  const bool is_under_way = state == State::kSendPending || state == State::kRouted ||
                            state == State::kDelivered || state == State::kExecuting;
  return FaultOf(state, is_under_way, image.record.message.parcel);
}

std::string FaultOf(const lifecycle::RouterImage& image) {
  const auto& record = image.record;
  if (record.state == State::kSettled && !record.terminal.parcel) {
    return "its terminal ACK is missing";
  }
  const bool may_be_sent =
      record.state == State::kForwarding || record.forwarding || record.dead_letter;
  return FaultOf(record.state, may_be_sent, record.parcel);
}

std::string FaultOf(const lifecycle::WorkImage& image) {
  const bool is_work = image.state == State::kReceived || image.state == State::kExecuting;
  return FaultOf(image.state, is_work, image.parcel);
}

}  // namespace cmb::reference
