// Decoded headers as the values that the cores take.
//
// Called by the shells for every frame that was not dropped. No judgement
// here, only other types.
// Free of state. Spec: chapter "Wire binding".
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cmb/ack/v1/message.pb.h"
#include "reference/lifecycle/types.h"
#include "reference/shell/frame_parcel.h"

namespace cmb::reference {

// Absent fields become the spec's defaults; ranges are the cores' to judge.
// 11: schema_version and critical. Whoever reads a header of another version may miss what it
// must not (CMB-VER-013, CMB-VER-018).
bool IsOfThisVersion(const ack::v1::CognitiveMessage& header);

lifecycle::DeliveryPolicy PolicyFromWire(const ack::v1::DeliveryPolicy& policy);

// `channel`: at a router the name of the message channel by which it came.
lifecycle::MessageIn MessageFromWire(std::shared_ptr<const FrameParcel> parcel,
                                     std::string_view channel = {});

// The time for which it may have waited unread is no part of its life any more.
void TakeOff(lifecycle::Duration stall, lifecycle::MessageIn& message);

// `ack` is the header's own, or one of its batch.
lifecycle::AckIn AckFromWire(const ack::v1::Ack& ack, std::shared_ptr<const FrameParcel> parcel);

}  // namespace cmb::reference
