// By which channels the attempts of one message go out: feature fallback.
//
// Called by EndpointShell for each send. Free of state. Spec: chapter "Channel
// fallback".
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "reference/lifecycle/sender.h"
#include "reference/shell/transport.h"

namespace cmb::reference {

struct SendChannels {
  lifecycle::ChannelName first;                 // Of attempt 1.
  std::vector<lifecycle::ChannelName> in_turn;  // CMB-FBK-001; empty without the feature.
};

// `channel` empty: the endpoint's first. Refused with VALIDATION_ERROR
// (CMB-SND-004): a channel that the endpoint does not have, more than eight in
// the policy.
std::variant<SendChannels, lifecycle::SendRefusal> ChannelsOfSend(
    const SocketMap& sockets, std::string_view channel, const ack::v1::DeliveryPolicy& policy,
    bool fallback);

}  // namespace cmb::reference
