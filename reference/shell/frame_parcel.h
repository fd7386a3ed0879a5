// The frames behind a core's ParcelRef: a decoded header, its bytes as they
// came, and the payload as the ZeroMQ message it arrived in, so that a router
// passes it on without copying it.
//
// Made by the shells, carried untouched by the cores. Threads: one at a time.
// Spec: chapter "Wire binding".
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <zmq.hpp>

#include "cmb/ack/v1/message.pb.h"
#include "reference/lifecycle/types.h"

namespace cmb::reference {

class FrameParcel : public lifecycle::Parcel {
 public:
  ack::v1::CognitiveMessage header;

  // The header frame as it came. Empty for what this module makes itself.
  std::string_view HeaderBytes() const { return header_frame_.to_string_view(); }
  void SetHeaderFrame(zmq::message_t frame) { header_frame_ = std::move(frame); }

  std::string_view Payload() const { return payload_.to_string_view(); }
  std::size_t payload_bytes() const { return payload_.size(); }
  void SetPayload(zmq::message_t payload) { payload_ = std::move(payload); }

  // Another reference to the same bytes (libzmq counts them), for one more send.
  zmq::message_t SharePayload() const {
    zmq::message_t shared;
    shared.copy(payload_);
    return shared;
  }

 private:
  zmq::message_t header_frame_;
  // Sharing counts references inside the message, hence mutable.
  mutable zmq::message_t payload_;
};

// Every parcel in this shell is a FrameParcel; a null one has no bytes.
inline const FrameParcel* FramesOf(const lifecycle::ParcelRef& parcel) {
  return static_cast<const FrameParcel*>(parcel.get());
}

inline zmq::message_t PayloadOf(const lifecycle::ParcelRef& parcel) {
  return parcel ? FramesOf(parcel)->SharePayload() : zmq::message_t();
}

// A parcel that holds only a payload.
std::shared_ptr<FrameParcel> PayloadParcel(std::string_view payload);

}  // namespace cmb::reference
