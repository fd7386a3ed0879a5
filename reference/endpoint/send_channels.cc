#include "reference/endpoint/send_channels.h"

#include <fmt/format.h>

#include <string>

namespace cmb::reference {
namespace {

constexpr int kMostChannels = 8;

lifecycle::SendRefusal NoChannel(std::string_view name) {
  return {lifecycle::ErrorCode::kValidationError, fmt::format("there is no channel \"{}\"", name)};
}

}  // namespace

std::variant<SendChannels, lifecycle::SendRefusal> ChannelsOfSend(
    const SocketMap& sockets, std::string_view channel, const ack::v1::DeliveryPolicy& policy,
    bool fallback) {
  const std::string first(channel.empty() ? std::string_view(sockets.channels().front()) : channel);
  if (sockets.Find(first) < 0) {
    return NoChannel(first);
  }
  if (policy.channels_size() > kMostChannels) {
    return lifecycle::SendRefusal{lifecycle::ErrorCode::kValidationError,
                                  "policy.channels names more than eight"};
  }
  SendChannels channels{lifecycle::ChannelName(first), {}};
  if (!fallback) {
    return channels;
  }
  for (const std::string& name : policy.channels()) {
    if (sockets.Find(name) < 0) {
      return NoChannel(name);
    }
    channels.in_turn.emplace_back(name);
  }
  if (channels.in_turn.empty()) {
    channels.in_turn.push_back(channels.first);
    for (const std::string& name : sockets.channels()) {
      if (name != first) {
        channels.in_turn.emplace_back(name);
      }
    }
  }
  return channels;
}

}  // namespace cmb::reference
