// The suite's end where there are no data sockets: frames travel in Advance and in Reply. Nothing
// is waited for and nothing can be lost, so that there is no open phase and no path to prove; the
// counts that the rest of the bench rests on are made here from the frames themselves.
#include "conformance/lower_tester/inline_sockets.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>
#include <tuple>
#include <utility>

#include "proto/wire/frame_codec.h"
#include "proto/wire/unknown_fields.h"

namespace cmb::conformance {
namespace {

using control::v1::InlineFrame;

constexpr char kAllInOrder[] = "CMB-CTL-040";
constexpr char kByHeader[] = "CMB-CTL-042";
constexpr char kFullRefuses[] = "CMB-CTL-046";

class InlineSockets final : public WireSockets {
 public:
  InlineSockets(const CaseSettings& settings, control::v1::Binding binding)
      : WireSockets(SocketLayout(settings.channels, settings.other_routers), {}),
        binding_(binding),
        is_router_(settings.role == ack::v1::ROLE_ROUTER),
        connected_(settings.connected.begin(), settings.connected.end()),
        header_bytes_(settings.settings.limits().header_bytes()),
        sent_(layout().size()),
        arrived_(layout().size()) {
    for (const auto& [name, key] : settings.bad_keys) {
      connected_.insert(name);  // Without keys these come under names that no module may have.
    }
  }

  bool Inline() const override { return true; }

  void FillAddresses(control::v1::Configure& configure) const override {
    for (const std::string& channel : layout().channels()) {
      configure.add_channels()->set_name(channel);
    }
    FillOtherRouters(configure);
    configure.set_binding(binding_);
    if (is_router_) {
      configure.mutable_connected()->Add(connected_.begin(), connected_.end());
    }
  }

  std::optional<std::string> Connect(const control::v1::Configured&) override {
    return std::nullopt;
  }

  bool Disconnect(const std::string& peer) override {
    full_.erase(peer);
    return connected_.erase(peer) > 0;
  }
  bool Reconnect(const std::string& peer) override { return connected_.insert(peer).second; }
  bool Fill(const std::string& peer, bool full) override {
    full_.erase(peer);
    if (full && connected_.contains(peer)) {
      full_.insert(peer);
    }
    return connected_.contains(peer);
  }
  bool Reaches(const WireMessage& message) const override { return Knows(message.peer); }
  bool Knows(const std::string& peer) const override {
    return is_router_ ? connected_.contains(peer) : peer == kRouterId || peer.empty();
  }

  std::optional<std::string> CannotCarry(const WireMessage& message) const override {
    ack::v1::CognitiveMessage header;
    if (binding_ != control::v1::BINDING_INLINE_HEADERS || message.frames.size() != 2 ||
        wire::DecodeHeader(message.frames[0], header) || !wire::HasUnknownFields(header)) {
      return std::nullopt;
    }
    return "a header with unknown fields can be shown to no harness that is given decoded headers";
  }

  bool Send(const WireMessage& message) override {
    pending_.push_back(message);
    return true;
  }

  bool Receive(SocketNumber socket, WireMessage& message) override {
    if (arrived_[socket].empty()) {
      return false;
    }
    message = std::move(arrived_[socket].front());
    arrived_[socket].pop_front();
    return true;
  }

  std::span<void* const> Handles(SocketNumber) const override { return {}; }

  void Carry(control::v1::Request& request) override {
    if (request.has_advance()) {
      // As 10.3 says, so that a harness has nothing to sort.
      std::stable_sort(pending_.begin(), pending_.end(), [](const auto& a, const auto& b) {
        return std::tie(a.socket, a.peer) < std::tie(b.socket, b.peer);
      });
      for (const WireMessage& message : pending_) {
        *request.mutable_advance()->add_frames() = FrameOf(message);
      }
      request.mutable_advance()->clear_after_received();
    }
    if (request.has_reset()) {
      request.mutable_reset()->clear_after_received();
      header_bytes_ = request.reset().settings().limits().header_bytes();
    }
    if (request.has_advance() || request.has_reset()) {
      received_ += pending_.size();
      pending_.clear();
    }
  }

  std::optional<Fault> Unpack(const control::v1::Request& request,
                              control::v1::Reply& reply) override {
    for (const InlineFrame& frame : reply.frames()) {
      if (auto fault = Take(frame)) {
        return fault;
      }
    }
    reply.clear_frames();
    Count(reply);
    if (request.has_reset()) {
      full_.clear();
      received_ = 0;
      std::fill(sent_.begin(), sent_.end(), 0);
    }
    return std::nullopt;
  }

 private:
  InlineFrame FrameOf(const WireMessage& message) const {
    InlineFrame frame;
    frame.set_socket(layout().Name(message.socket));
    frame.set_peer(is_router_ ? message.peer : "");
    if (binding_ == control::v1::BINDING_INLINE_FRAMES) {
      frame.mutable_parts()->Add(message.frames.begin(), message.frames.end());
      return frame;
    }
    // Who is given no bytes cannot measure them.
    if (header_bytes_ > 0 && message.frames.size() == 2 &&
        message.frames[0].size() > header_bytes_) {
      frame.set_undecodable(fmt::format("the header has {} bytes, more than {}",
                                        message.frames[0].size(), header_bytes_));
      return frame;
    }
    auto decoded = wire::Decode(message.frames);
    if (const auto* error = std::get_if<wire::DecodeError>(&decoded)) {
      frame.set_undecodable(error->sentence);
    } else {
      *frame.mutable_header() = std::move(std::get<wire::Decoded>(decoded).header);
      frame.set_payload(std::move(std::get<wire::Decoded>(decoded).payload));
    }
    return frame;
  }

  std::optional<Fault> Take(const InlineFrame& frame) {
    const auto socket = layout().Find(frame.socket());
    if (!socket) {
      return Fault{"a frame is not on a channel, ack_ingress or ack_egress", kAllInOrder};
    }
    WireMessage message{*socket, is_router_ ? frame.peer() : kRouterId, {}};
    if (binding_ == control::v1::BINDING_INLINE_FRAMES) {
      message.frames.assign(frame.parts().begin(), frame.parts().end());
    } else if (frame.has_header()) {
      message.frames = {wire::EncodeHeader(frame.header()), frame.payload()};
    }
    if (message.frames.empty()) {
      return binding_ == control::v1::BINDING_INLINE_FRAMES
                 ? Fault{"a frame has no parts", kAllInOrder}
                 : Fault{"a frame has no header", kByHeader};
    }
    if (full_.contains(message.peer)) {
      return Fault{"a frame was handed over to " + message.peer + ", whose queue is full",
                   kFullRefuses};
    }
    ++sent_[*socket];
    arrived_[*socket].push_back(std::move(message));
    return std::nullopt;
  }

  // As if it had been counted at sockets.
  void Count(control::v1::Reply& reply) const {
    reply.set_received(received_);
    reply.clear_sent_by_socket();
    std::uint64_t sent = 0;
    for (const std::uint64_t of_socket : sent_) {
      reply.add_sent_by_socket(of_socket);
      sent += of_socket;
    }
    reply.set_sent(sent);
  }

  control::v1::Binding binding_;
  bool is_router_;
  std::set<std::string> connected_;   // Router IUT.
  std::set<std::string> full_;        // Of these.
  std::uint64_t header_bytes_;        // The bound of the case. 0: none is given.
  std::vector<WireMessage> pending_;  // For the next Advance.
  std::uint64_t received_ = 0;
  std::vector<std::uint64_t> sent_;
  std::vector<std::deque<WireMessage>> arrived_;  // By socket.
};

}  // namespace

std::unique_ptr<WireSockets> MakeInlineSockets(const CaseSettings& settings,
                                               control::v1::Binding binding) {
  return std::make_unique<InlineSockets>(settings, binding);
}

}  // namespace cmb::conformance
