// What EndpointShell does with frames that arrive: chapter 3.6 up to the core
// that each is for. Sending and timers are in endpoint_shell.cc.
#include <utility>

#include "proto/wire/words.h"
#include "reference/endpoint/endpoint_shell.h"
#include "reference/shell/from_wire.h"
#include "reference/shell/ping.h"
#include "reference/shell/to_wire.h"

namespace cmb::reference {

using lifecycle::AnomalyEvent;
using lifecycle::AnomalyKind;
using lifecycle::Role;

namespace {

// A router's word that a PING found nobody: it names no message.
bool AnswersPing(const lifecycle::AckIn& ack) {
  return ack.type == lifecycle::AckType::kRouterAck && ack.status == lifecycle::Status::kRejected &&
         ack.source == lifecycle::kRouterId && lifecycle::IsReserved(ack.correlation_id.str());
}

}  // namespace

void EndpointShell::Handle(Inbound inbound) {
  const auto kind = sockets_.KindOf(inbound.socket);
  const JudgeConfig config{Side::kEndpoint, OwnRole(), settings_.header_bytes};
  auto judged = JudgeFrames(std::move(inbound), kind, config, Now());
  if (auto* anomaly = std::get_if<AnomalyEvent>(&judged)) {
    parts_.journal.Write(*std::move(anomaly));
    return;
  }
  Dispatch(std::get<Arrived>(std::move(judged)));
}

void EndpointShell::HandleOpen(Inbound inbound) {
  const auto kind = sockets_.KindOf(inbound.socket);
  const JudgeConfig config{Side::kEndpoint, OwnRole(), settings_.header_bytes};
  auto judged = JudgeFrames(std::move(inbound), kind, config, Now());
  const auto* arrived = std::get_if<Arrived>(&judged);
  if (arrived != nullptr && arrived->parcel->header.msg_type() == ack::v1::MSG_TYPE_PING &&
      Misdirected(*arrived) == nullptr) {
    OnPing(*arrived);
  }
}

// Steps 2 (the rest of it) to 6 of chapter 3.6, then to whom it is for: CMB-SEC-004, CMB-VER-008,
// CMB-VER-003.
void EndpointShell::Dispatch(Arrived arrived) {
  const auto& header = arrived.parcel->header;
  if (const char* misdirected = Misdirected(arrived)) {
    return Drop(AnomalyKind::kChannelMismatch, header, misdirected);
  }
  if (!ack::v1::MsgType_IsValid(header.msg_type()) ||
      header.msg_type() == ack::v1::MSG_TYPE_UNSPECIFIED) {
    return Drop(AnomalyKind::kUnknownType, header, wire::Word(header.msg_type()));
  }
  if (const char* unsupported = Unsupported(header)) {
    return Drop(AnomalyKind::kUnsupported, header, unsupported);
  }
  if (!IsOfThisVersion(header) && !header.has_ack_batch()) {
    return Drop(AnomalyKind::kUnknownValue, header, "a schema version that is not spoken here");
  }
  if (header.msg_type() == ack::v1::MSG_TYPE_MESSAGE && lifecycle::IsReserved(header.source())) {
    return Drop(AnomalyKind::kUnauthorizedAck, header, "no module is named so");  // CMB-SEC-012.
  }
  if (header.source() == lifecycle::kRouterId.str()) {
    batch_peers_.Hear(RouterOf(arrived.socket).str(), header);
  }
  switch (header.msg_type()) {
    case ack::v1::MSG_TYPE_MESSAGE:
      return OnMessage(std::move(arrived));
    case ack::v1::MSG_TYPE_ACK:
      return OnAck(arrived);
    case ack::v1::MSG_TYPE_PING:
      return OnPing(arrived);
    case ack::v1::MSG_TYPE_PONG:
      if (pong_listener_) {
        pong_listener_(header);
      }
      return;
    default:  // An open enum, and all of it has been dealt with above.
      return;
  }
}

// A MESSAGE or a PING that is not meant for this module here; null: it is.
const char* EndpointShell::Misdirected(const Arrived& arrived) const {
  const auto& header = arrived.parcel->header;
  const bool is_message = header.msg_type() == ack::v1::MSG_TYPE_MESSAGE;
  if (is_message && settings_.plays == Plays::kSenderOnly) {
    return nullptr;  // UNSUPPORTED, wherever it was meant to go.
  }
  if (is_message && header.channel() != sockets_.NameOf(arrived.socket)) {
    return "it came by another channel than its own";
  }
  if ((is_message || header.msg_type() == ack::v1::MSG_TYPE_PING) &&
      !IsFor(header, settings_.module_id)) {
    return "it is addressed to another module";
  }
  return nullptr;
}

// What is asked of a role or a feature that this module does not have; null:
// nothing is.
const char* EndpointShell::Unsupported(const ack::v1::CognitiveMessage& header) const {
  switch (header.msg_type()) {
    case ack::v1::MSG_TYPE_QUERY:
    case ack::v1::MSG_TYPE_REPLY:
      return "inspection is not declared";
    case ack::v1::MSG_TYPE_MESSAGE:
      return settings_.plays == Plays::kSenderOnly ? "this module plays no target" : nullptr;
    default:  // open enum: the next question is for those.
      return header.has_ack_batch() && !settings_.batch_ack ? "feature batch_ack is not declared"
                                                            : nullptr;
  }
}

void EndpointShell::Drop(AnomalyKind kind, const ack::v1::CognitiveMessage& header,
                         std::string note) {
  auto anomaly = AnomalyOf(kind, OwnRole(), header, Now());
  anomaly.note = std::move(note);
  parts_.journal.Write(std::move(anomaly));
}

void EndpointShell::OnMessage(Arrived arrived) {
  auto message = MessageFromWire(std::move(arrived.parcel));
  message.via = RouterOf(arrived.socket);
  TakeOff(arrived.stall, message);
  // Whatever knew it may give its messages to other work (CMB-DUP-010).
  TouchWork({message.source, message.id});
  Run(target_.OnMessage(message, Now()));
}

void EndpointShell::OnAck(const Arrived& arrived) {
  for (const auto& parcel : Apart(arrived.parcel)) {
    OnOneAck(parcel);
  }
}

void EndpointShell::OnOneAck(const std::shared_ptr<FrameParcel>& parcel) {
  const auto& header = parcel->header;
  if (auto fault = FaultOfAck(header.ack())) {
    auto malformed = AnomalyOf(AnomalyKind::kMalformed, OwnRole(), header, Now());
    malformed.peer = {};
    malformed.note = *std::move(fault);
    return parts_.journal.Write(std::move(malformed));
  }
  if (!IsOfThisVersion(header)) {
    return Drop(AnomalyKind::kUnknownValue, header, "a schema version that is not spoken here");
  }
  const auto ack = AckFromWire(header.ack(), parcel);
  if (AnswersPing(ack)) {
    return;  // CMB-WIRE-026: taken and forgotten.
  }
  // What was judged is remembered, also where it changes no state.
  if (IsForTarget(ack)) {
    records_.Touch(Role::kTarget, {ack.source, ack.correlation_id});
    Run(target_.OnAck(ack, Now()));
  } else {
    records_.Touch(Role::kSender, {lifecycle::ModuleId(settings_.module_id), ack.correlation_id});
    Run(sender_.OnAck(ack, Now()));
  }
}

// An endpoint of both roles gives a CANCEL to the target, and any other ACK to
// the sender if that sent such a message, else to the target.
bool EndpointShell::IsForTarget(const lifecycle::AckIn& ack) const {
  switch (settings_.plays) {
    case Plays::kSenderOnly:
      return false;
    case Plays::kTargetOnly:
      return true;
    case Plays::kBoth:
      return ack.type == lifecycle::AckType::kCancel || !sender_.Find(ack.correlation_id);
  }
  return false;
}

lifecycle::RouterName EndpointShell::RouterOf(std::size_t socket) const {
  return lifecycle::RouterName(sockets_.routers().at(sockets_.RouterOf(socket)));
}

// CMB-WIRE-011: answered on the pair of the socket it came by.
void EndpointShell::OnPing(const Arrived& arrived) {
  const auto& header = arrived.parcel->header;
  const bool is_channel = sockets_.KindOf(arrived.socket) == SocketKind::kChannel;
  const std::size_t answer =
      is_channel ? arrived.socket : sockets_.ingress(sockets_.RouterOf(arrived.socket));
  std::string pong = PongBytes(settings_.module_id, header, settings_.batch_ack);
  if (pong.size() > kLargestHeader) {
    return;  // CMB-WIRE-023.
  }
  if (IsLost(parts_.transport.Send(answer, {}, std::move(pong), arrived.parcel->SharePayload()))) {
    parts_.journal.Write(AnomalyOf(AnomalyKind::kUndeliverable, OwnRole(), header, Now()));
  }
}

}  // namespace cmb::reference
