#include "reference/router/router_shell.h"

#include <iterator>
#include <utility>

#include "proto/wire/frame_codec.h"
#include "reference/shell/from_wire.h"
#include "reference/shell/ping.h"
#include "reference/shell/to_wire.h"

namespace cmb::reference {
namespace {

using lifecycle::AnomalyEvent;
using lifecycle::AnomalyKind;
using lifecycle::kRouterId;
using lifecycle::Role;

// Where the answer to something on `socket` goes: channels answer themselves,
// the ACK ingress is answered on the ACK egress.
std::size_t AnswerSocket(const SocketMap& sockets, std::size_t socket) {
  return sockets.KindOf(socket) == SocketKind::kChannel ? socket : sockets.egress();
}

// 2.4: of a header with an ack an anomaly tells what that names, whatever the msg_type.
void TellItsAck(const ack::v1::CognitiveMessage& header, lifecycle::Effects& effects) {
  for (auto& effect : effects) {
    auto* emit = std::get_if<lifecycle::EmitEvent>(&effect);
    auto* anomaly = emit == nullptr ? nullptr : std::get_if<AnomalyEvent>(&emit->event);
    if (anomaly != nullptr) {
      *anomaly = AnomalyOf(anomaly->kind, Role::kRouter, header, anomaly->at);
    }
  }
}

}  // namespace

RouterShell::RouterShell(RouterSettings settings, SocketMap sockets, Transport& transport,
                         Journal& journal, TxStore& store, lifecycle::JitterSource jitter,
                         AckMeter* meter)
    : settings_(std::move(settings)),
      judge_{Side::kRouter, Role::kRouter, settings_.header_bytes},
      sockets_(std::move(sockets)),
      transport_(transport),
      journal_(journal),
      meter_(meter),
      core_(settings_.core, std::move(jitter)),
      store_(store),
      records_(store, journal.clock(),
               [this](Role, const lifecycle::MessageKey& key) { return Keep(key); }),
      redrive_ids_(settings_.id_prefix + "redrive-"),
      started_(Now()) {}

lifecycle::Instant RouterShell::Now() const {
  return lifecycle::AtMs(static_cast<std::int64_t>(journal_.clock().NowMs()));
}

void RouterShell::Handle(Inbound inbound) {
  const auto kind = sockets_.KindOf(inbound.socket);
  auto judged = JudgeFrames(std::move(inbound), kind, judge_, Now());
  if (auto* anomaly = std::get_if<AnomalyEvent>(&judged)) {
    return Count(*std::move(anomaly));
  }
  Dispatch(std::get<Arrived>(std::move(judged)));
}

void RouterShell::HandleOpen(Inbound inbound) {
  const auto kind = sockets_.KindOf(inbound.socket);
  auto judged = JudgeFrames(std::move(inbound), kind, judge_, Now());
  const auto* arrived = std::get_if<Arrived>(&judged);
  if (arrived == nullptr) {
    return;
  }
  const auto& header = arrived->parcel->header;
  if (header.msg_type() == ack::v1::MSG_TYPE_PING && IsFor(header, kRouterId.str())) {
    OnPing(*arrived);
  }
}

void RouterShell::Dispatch(Arrived arrived) {
  batch_peers_.Hear(arrived.parcel->header.source(), arrived.parcel->header);
  switch (arrived.parcel->header.msg_type()) {
    case ack::v1::MSG_TYPE_ACK:
      return OnAck(arrived);
    case ack::v1::MSG_TYPE_PING:
      return OnPing(arrived);
    case ack::v1::MSG_TYPE_PONG:
      return OnPong(arrived);
    default:  // open enum: the core refuses by name what it does not know.
      return IsAnswered(arrived) ? OnQuery(arrived) : OnMessage(std::move(arrived));
  }
}

void RouterShell::OnAck(const Arrived& arrived) {
  const auto& header = arrived.parcel->header;
  if (header.has_ack_batch() && !settings_.batch_ack) {  // CMB-VER-009.
    return Count(AnomalyOf(AnomalyKind::kUnsupported, Role::kRouter, header, Now()));
  }
  for (const auto& parcel : Apart(arrived.parcel)) {
    OnOneAck(parcel);
  }
}

void RouterShell::OnOneAck(const std::shared_ptr<FrameParcel>& parcel) {
  const auto& header = parcel->header;
  if (auto fault = FaultOfAck(header.ack())) {
    auto malformed = AnomalyOf(AnomalyKind::kMalformed, Role::kRouter, header, Now());
    malformed.note = *std::move(fault);
    return Count(std::move(malformed));
  }
  if (!IsOfThisVersion(header)) {
    return Count(AnomalyOf(AnomalyKind::kUnknownValue, Role::kRouter, header, Now()));
  }
  const auto ack = AckFromWire(header.ack(), parcel);
  // Of whichever of its two ends the message is; what was judged changes no state.
  records_.Touch(Role::kRouter, {ack.source, ack.correlation_id});
  records_.Touch(Role::kRouter, {ack.target, ack.correlation_id});
  Run(core_.OnAck(ack, Now()));
}

void RouterShell::OnMessage(Arrived arrived) {
  if (arrived.parcel->header.message_id().empty()) {
    // A REPLY may have none, and then there is nothing to refuse it by.
    return Count(
        AnomalyOf(AnomalyKind::kUnsupported, Role::kRouter, arrived.parcel->header, Now()));
  }
  const auto parcel = arrived.parcel;
  const auto channel = sockets_.NameOf(arrived.socket);
  const bool has_default = arrived.parcel->header.policy().delivery_ack_ms() == 0;
  auto message = MessageFromWire(std::move(arrived.parcel), channel);
  TakeOff(arrived.stall, message);
  if (has_default) {
    message.policy.delivery_ack = settings_.delivery_ack;
  }
  if (message.msg_type == lifecycle::MsgType::kQuery &&
      settings_.core.profile != lifecycle::Profile::kBasic) {
    // CMB-INS-003: its kind is taken here, its address or its id is not.
    message.msg_type = lifecycle::MsgType::kMessage;
    message.ids_valid = false;
  }
  records_.Touch(Role::kRouter, {message.source, message.id});
  auto effects = core_.OnMessage(message, Now());
  if (parcel->header.has_ack()) {
    TellItsAck(parcel->header, effects);
  }
  Run(std::move(effects));
}

// CMB-WIRE-011, CMB-WIRE-012, CMB-WIRE-013: a PING to @router is answered; one to a module is
// passed on untouched, and refused where ZeroMQ does not take it.
void RouterShell::OnPing(const Arrived& arrived) {
  const auto& header = arrived.parcel->header;
  const lifecycle::ModuleId pinger(arrived.peer);
  const std::size_t answer = AnswerSocket(sockets_, arrived.socket);
  const std::string& target = header.targets(0);  // Exactly one: the judge has seen to it.
  if (target == kRouterId.str()) {
    std::string pong = PongBytes(kRouterId.str(), header, settings_.batch_ack);
    if (pong.size() > kLargestHeader ||
        transport_.Send(answer, arrived.peer, std::move(pong), arrived.parcel->SharePayload()) !=
            SendResult::kSent) {
      CountUndeliverable({}, pinger);  // The PONG, which has no message_id.
    }
    return;
  }
  const auto sent = transport_.Send(answer, target, arrived.parcel->HeaderBytes(),
                                    arrived.parcel->SharePayload());
  if (sent == SendResult::kSent) {
    return;
  }
  lifecycle::SendAck refusal;
  refusal.to = pinger;
  refusal.ack.type = lifecycle::AckType::kRouterAck;
  refusal.ack.status = lifecycle::Status::kRejected;
  refusal.ack.correlation_id = lifecycle::MessageId(header.message_id());
  refusal.ack.attempt = 1;  // A PING has no attempts; an ACK must name one.
  refusal.ack.code = sent == SendResult::kFull ? lifecycle::ErrorCode::kBufferFull
                                               : lifecycle::ErrorCode::kNoRoute;
  Run({refusal});
}

void RouterShell::OnPong(const Arrived& arrived) {
  const auto& header = arrived.parcel->header;
  if (IsFor(header, kRouterId.str())) {
    return;  // This router sends no PING, so nobody waits for it.
  }
  // CMB-WIRE-012, CMB-WIRE-014.
  const std::size_t answer = AnswerSocket(sockets_, arrived.socket);
  if (transport_.Send(answer, header.targets(0), arrived.parcel->HeaderBytes(),
                      arrived.parcel->SharePayload()) != SendResult::kSent) {
    CountUndeliverable(AnomalyOf(AnomalyKind::kUndeliverable, Role::kRouter, header, Now()),
                       lifecycle::ModuleId(header.targets(0)));
  }
}

void RouterShell::Run(lifecycle::Effects effects) {
  pending_.insert(pending_.begin(), std::make_move_iterator(effects.begin()),
                  std::make_move_iterator(effects.end()));
  while (!pending_.empty()) {
    lifecycle::Effect effect = std::move(pending_.front());
    pending_.pop_front();
    if (const auto* message = std::get_if<lifecycle::ForwardMessage>(&effect)) {
      Do(*message);
    } else if (const auto* event = std::get_if<lifecycle::EmitEvent>(&effect)) {
      Do(*event);
    } else if (const auto* redriven = std::get_if<lifecycle::RedriveEnded>(&effect)) {
      Do(*redriven);
    } else if (auto* ack = std::get_if<lifecycle::SendAck>(&effect)) {
      TellAnswer(*ack);
      held_.push_back(std::move(*ack));
    } else if (auto* forward = std::get_if<lifecycle::ForwardAck>(&effect)) {
      held_.push_back(std::move(*forward));
    }
  }
}

// CMB-WIRE-007, CMB-WIRE-008: the header goes on byte for byte if its life shrank by less than a
// millisecond; else only ttl_ms is written anew, and what else it holds, known or not, stays
// (CMB-VER-004, CMB-OBS-016). The payload is not copied.
void RouterShell::Do(const lifecycle::ForwardMessage& effect) {
  const FrameParcel& frames = *FramesOf(effect.parcel);
  const auto ttl_ms = static_cast<std::uint64_t>(effect.ttl.count());
  std::string rewritten;
  if (frames.header.ttl_ms() != ttl_ms) {
    auto header = frames.header;
    header.set_ttl_ms(ttl_ms);
    rewritten = wire::EncodeHeader(header);
  }
  const int socket = sockets_.Find(effect.channel.str());
  const auto sent =
      socket < 0  // Of a dead letter of an earlier configuration.
          ? SendResult::kUnroutable
          : transport_.Send(static_cast<std::size_t>(socket), effect.target.str(),
                            rewritten.empty() ? frames.HeaderBytes() : std::string_view(rewritten),
                            frames.SharePayload());
  const auto result = sent == SendResult::kSent   ? lifecycle::ForwardResult::kHandedOver
                      : sent == SendResult::kFull ? lifecycle::ForwardResult::kBufferFull
                                                  : lifecycle::ForwardResult::kNoRoute;
  auto consequences = core_.OnForwardResult(effect.key, result, Now());
  records_.Touch(Role::kRouter, effect.key);
  pending_.insert(pending_.begin(), std::make_move_iterator(consequences.begin()),
                  std::make_move_iterator(consequences.end()));
}

void RouterShell::Do(const lifecycle::EmitEvent& effect) {
  if (const auto* anomaly = std::get_if<AnomalyEvent>(&effect.event)) {
    return Count(*anomaly);
  }
  records_.Touch(effect.event);
  journal_.Write(effect.event);
}

void RouterShell::TellAnswer(const lifecycle::SendAck& answer) const {
  const auto& id = answer.ack.correlation_id;
  if (!answer_listener_ || lifecycle::IsReserved(id.str())) {
    return;
  }
  const bool is_good = answer.ack.status == lifecycle::Status::kSuccess;
  const auto record = is_good ? std::nullopt : core_.Find({answer.to, id});
  answer_listener_(answer, record ? record->target : lifecycle::ModuleId());
}

void RouterShell::Count(AnomalyEvent anomaly) {
  ++anomalies_[anomaly.kind];
  journal_.Write(std::move(anomaly));
}

std::optional<lifecycle::Timer> RouterShell::NextTimer(lifecycle::TimerClass timer_class) const {
  return core_.NextTimer(timer_class);
}

std::vector<lifecycle::Timer> RouterShell::Timers() const { return core_.Timers(); }

bool RouterShell::FireNext(lifecycle::TimerClass timer_class) {
  const auto next = core_.NextTimer(timer_class);
  if (!next || next->deadline > Now()) {
    return false;
  }
  records_.Touch(Role::kRouter, next->key);
  if (auto effects = core_.FireNext(Now(), timer_class)) {
    Run(*std::move(effects));
  }
  return true;
}

// CMB-INS-001.
std::optional<ack::v1::TransactionRecord> RouterShell::Find(const std::string& source,
                                                            const std::string& message_id) const {
  const auto record = core_.Find({lifecycle::ModuleId(source), lifecycle::MessageId(message_id)});
  return record ? std::optional(RecordToWire(*record)) : std::nullopt;
}

}  // namespace cmb::reference
