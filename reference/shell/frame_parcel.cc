#include "reference/shell/frame_parcel.h"

namespace cmb::reference {

std::shared_ptr<FrameParcel> PayloadParcel(std::string_view payload) {
  auto parcel = std::make_shared<FrameParcel>();
  parcel->SetPayload(zmq::message_t(payload.data(), payload.size()));
  return parcel;
}

}  // namespace cmb::reference
