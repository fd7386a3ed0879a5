#include "reference/harness/inline_transport.h"

#include <utility>

#include "proto/wire/frame_codec.h"

namespace cmb::reference {
namespace {

using control::v1::InlineFrame;

constexpr char kIngress[] = "ack_ingress";
constexpr char kEgress[] = "ack_egress";

zmq::message_t MessageOf(const std::string& bytes) { return {bytes.data(), bytes.size()}; }

// The parts that the frame has, or stands for.
std::vector<zmq::message_t> PartsOf(const InlineFrame& frame) {
  std::vector<zmq::message_t> parts;
  for (const auto& part : frame.parts()) {
    parts.push_back(MessageOf(part));
  }
  if (frame.has_header()) {
    parts.push_back(MessageOf(wire::EncodeHeader(frame.header())));
    parts.push_back(MessageOf(frame.payload()));
  } else if (parts.empty()) {
    parts.emplace_back();  // Undecodable: no header and payload is one part.
  }
  return parts;
}

}  // namespace

InlineTransport::InlineTransport(const control::v1::Configure& configure, SocketMap sockets)
    : sockets_(std::move(sockets)),
      is_router_(configure.role() == ack::v1::ROLE_ROUTER),
      headers_(configure.binding() == control::v1::BINDING_INLINE_HEADERS),
      connected_(configure.connected().begin(), configure.connected().end()) {}

int InlineTransport::SocketOf(const std::string& name) const {
  for (std::size_t router = 0; router < sockets_.routers().size(); ++router) {
    if (name == NameOfAck(kIngress, router)) {
      return static_cast<int>(sockets_.ingress(router));
    }
    if (name == NameOfAck(kEgress, router)) {
      return static_cast<int>(sockets_.egress(router));
    }
  }
  return sockets_.Find(name);
}

std::string InlineTransport::NameOfAck(const char* kind, std::size_t router) const {
  const std::string& name = sockets_.routers().at(router);
  return name.empty() ? kind : kind + ("/" + name);
}

std::string InlineTransport::NameOf(std::size_t socket) const {
  switch (sockets_.KindOf(socket)) {
    case SocketKind::kChannel:
      return sockets_.NameOf(socket);
    case SocketKind::kAckIngress:
      return NameOfAck(kIngress, sockets_.RouterOf(socket));
    case SocketKind::kAckEgress:
      return NameOfAck(kEgress, sockets_.RouterOf(socket));
  }
  return {};
}

SendResult InlineTransport::Send(std::size_t socket, std::string_view peer, std::string_view header,
                                 zmq::message_t payload) {
  if (is_router_ && lifecycle::IsReserved(peer)) {  // CMB-WIRE-021.
    return SendResult::kUnroutable;
  }
  if (is_router_ && !connected_.contains(peer)) {
    ++undeliverable_;
    return SendResult::kUnroutable;
  }
  if (full_.contains(peer)) {
    return SendResult::kFull;
  }
  InlineFrame& frame = *sent_.Add();
  frame.set_socket(NameOf(socket));
  frame.set_peer(is_router_ ? std::string(peer) : std::string());
  if (headers_) {
    static_cast<void>(wire::DecodeHeader(header, *frame.mutable_header()));
    frame.set_payload(payload.to_string());
  } else {
    frame.add_parts(std::string(header));
    frame.add_parts(payload.to_string());
  }
  return SendResult::kSent;
}

void InlineTransport::Change(const control::v1::Connection& connection) {
  full_.erase(connection.module());
  if (connection.connected()) {
    connected_.insert(connection.module());
  } else {
    connected_.erase(connection.module());
  }
}

void InlineTransport::Change(const control::v1::Queue& queue) {
  if (queue.full()) {
    full_.insert(queue.module());
  } else {
    full_.erase(queue.module());
  }
}

std::optional<std::vector<Inbound>> InlineTransport::Read(const Frames& frames) const {
  std::vector<Inbound> read;
  for (const InlineFrame& frame : frames) {
    const int socket = SocketOf(frame.socket());
    if (socket < 0) {
      return std::nullopt;
    }
    read.push_back({.socket = static_cast<std::size_t>(socket),
                    .peer = is_router_ ? frame.peer() : std::string(),
                    .frames = PartsOf(frame)});
  }
  return read;
}

void InlineTransport::Forget() {
  sent_.Clear();
  full_.clear();
  undeliverable_ = 0;
}

}  // namespace cmb::reference
