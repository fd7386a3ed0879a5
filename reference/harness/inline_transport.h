// Data sockets that are none: frames come with Advance and leave with the reply.
//
// Owned by IutRole. Threads: the harness's one. Spec: chapter "The control
// channel", without data sockets.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cmb/control/v1/control.pb.h"
#include "reference/shell/transport.h"

namespace cmb::reference {

class InlineTransport final : public Transport {
 public:
  using Frames = google::protobuf::RepeatedPtrField<control::v1::InlineFrame>;

  // REQUIRES: `configure` has a binding.
  InlineTransport(const control::v1::Configure& configure, SocketMap sockets);

  // CMB-CTL-041, CMB-CTL-046: a router's sends to who is not connected, or full, are refused.
  SendResult Send(std::size_t socket, std::string_view peer, std::string_view header,
                  zmq::message_t payload) override;
  void Change(const control::v1::Connection& connection);
  void Change(const control::v1::Queue& queue);

  // The frames of an Advance, in their order. Absent: one of them makes no sense.
  std::optional<std::vector<Inbound>> Read(const Frames& frames) const;

  // What was sent since the last call.
  Frames TakeSent() { return std::exchange(sent_, {}); }
  std::uint64_t undeliverable() const { return undeliverable_; }

  // As after Begin, but for the connections.
  void Forget();

 private:
  int SocketOf(const std::string& name) const;
  std::string NameOf(std::size_t socket) const;
  std::string NameOfAck(const char* kind, std::size_t router) const;

  SocketMap sockets_;
  bool is_router_;
  bool headers_;  // Decoded, not parts.
  std::set<std::string, std::less<>> connected_;
  std::set<std::string, std::less<>> full_;  // Of these.
  Frames sent_;
  std::uint64_t undeliverable_ = 0;
};

}  // namespace cmb::reference
