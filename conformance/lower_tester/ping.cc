#include "conformance/lower_tester/ping.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cmb/ack/v1/message.pb.h"
#include "conformance/control/control_faults.h"
#include "proto/wire/frame_codec.h"
#include "proto/wire/words.h"

namespace cmb::conformance {
namespace {

using ack::v1::CognitiveMessage;

std::optional<CognitiveMessage> HeaderOf(const Frames& frames) {
  CognitiveMessage header;
  if (frames.size() != 2 || wire::DecodeHeader(frames[0], header)) {
    return std::nullopt;
  }
  return header;
}

CognitiveMessage MakeHeader(ack::v1::MsgType type, std::string source, std::string target) {
  CognitiveMessage header;
  header.set_schema_version(kSchemaVersion);
  header.set_msg_type(type);
  header.set_source(std::move(source));
  header.add_targets(std::move(target));
  return header;
}

// Where the answer to what came by `socket` goes. The IUT's end of the ACK pair depends on its
// role: an endpoint speaks on the ingress and hears on the egress, a router the other way round.
std::optional<SocketNumber> PairOf(SocketNumber socket, bool iut_is_router,
                                   const SocketLayout& layout) {
  if (layout.IsChannel(socket)) {
    return socket;
  }
  const SocketLayout::Router& router = layout.routers()[layout.RouterOf(socket)];
  const SocketNumber heard = iut_is_router ? router.egress() : router.ingress();
  const SocketNumber spoken = iut_is_router ? router.ingress() : router.egress();
  if (socket != heard) {
    return std::nullopt;
  }
  return spoken;
}

Frames NoRoute(const CognitiveMessage& ping, const std::string& module) {
  CognitiveMessage header = MakeHeader(ack::v1::MSG_TYPE_ACK, kRouterId, ping.source());
  ack::v1::Ack& ack = *header.mutable_ack();
  ack.set_ack_type(ack::v1::ACK_TYPE_ROUTER_ACK);
  ack.set_status(ack::v1::STATUS_REJECTED);
  ack.set_error_code(ack::v1::ERROR_CODE_NO_ROUTE);
  ack.set_correlation_id(ping.message_id());
  ack.set_attempt(1);
  ack.set_note("no module '" + module + "' is connected");
  return wire::Encode(header, "");
}

Frames Pong(const CognitiveMessage& ping, const std::string& source, const std::string& payload) {
  CognitiveMessage header = MakeHeader(ack::v1::MSG_TYPE_PONG, source, ping.source());
  header.set_correlation_id(ping.message_id());
  return wire::Encode(header, payload);
}

}  // namespace

WireMessage MakePing(const Path& path, const std::string& nonce) {
  CognitiveMessage header = MakeHeader(ack::v1::MSG_TYPE_PING, path.peer, path.module);
  header.set_message_id(nonce);
  return {path.out, path.peer, wire::Encode(header, "")};
}

std::optional<std::string> NonceOfPong(const Frames& frames) {
  const auto header = HeaderOf(frames);
  if (!header || header->msg_type() != ack::v1::MSG_TYPE_PONG) {
    return std::nullopt;
  }
  return header->correlation_id();
}

bool IsPing(const Frames& frames) {
  const auto header = HeaderOf(frames);
  return header && header->msg_type() == ack::v1::MSG_TYPE_PING;
}

std::optional<WireMessage> AnswerToPing(const WireMessage& message, const SocketLayout& layout,
                                        const std::vector<std::string>& absent) {
  const auto ping = HeaderOf(message.frames);
  if (!ping || ping->msg_type() != ack::v1::MSG_TYPE_PING) {
    return std::nullopt;
  }
  const bool iut_is_router = message.peer != kRouterId;
  const auto pair = PairOf(message.socket, iut_is_router, layout);
  if (!pair) {
    return std::nullopt;
  }
  const std::string& asked = ping->targets().empty() ? message.peer : ping->targets(0);
  if (!iut_is_router && std::find(absent.begin(), absent.end(), asked) != absent.end()) {
    const SocketNumber egress = layout.routers()[layout.RouterOf(message.socket)].egress();
    return WireMessage{egress, message.peer, NoRoute(*ping, asked)};
  }
  // A module speaks only for itself; the suite's router also passes on what its modules say.
  const std::string& source = iut_is_router ? message.peer : asked;
  return WireMessage{*pair, message.peer, Pong(*ping, source, message.frames[1])};
}

std::string Describe(const Frames& frames) {
  const auto header = HeaderOf(frames);
  if (!header) {
    return frames.size() == 2 ? "a message with an unreadable header"
                              : fmt::format("a message of {} part(s) instead of 2", frames.size());
  }
  std::string text = wire::Word(header->msg_type());
  if (header->has_ack()) {
    text += fmt::format(" {}/{} of {}", wire::Word(header->ack().ack_type()),
                        wire::Word(header->ack().status()), header->ack().correlation_id());
  } else if (!header->message_id().empty()) {
    text += " " + header->message_id();
  }
  return text;
}

}  // namespace cmb::conformance
