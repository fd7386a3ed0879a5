#include "reference/endpoint/endpoint_shell.h"

#include <algorithm>
#include <utility>

#include "proto/wire/frame_codec.h"
#include "reference/endpoint/send_channels.h"
#include "reference/shell/ack_batch.h"
#include "reference/shell/clock_memory.h"
#include "reference/shell/from_wire.h"
#include "reference/shell/to_wire.h"

namespace cmb::reference {
namespace {

using lifecycle::AnomalyEvent;
using lifecycle::AnomalyKind;
using lifecycle::Role;

// CMB-WIRE-009, CMB-SND-022; Send fills in the rest.
ack::v1::CognitiveMessage MessageHeader(const OutgoingMessage& message,
                                        const ack::v1::DeliveryPolicy& policy) {
  ack::v1::CognitiveMessage header;
  header.set_schema_version(kSchemaVersion);
  header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  header.set_stream_id(message.stream_id);
  header.set_sequence(message.sequence);
  header.set_idempotency_key(message.idempotency_key);
  *header.mutable_policy() = policy;
  return header;
}

// Bytes of the header of whichever attempt (CMB-SND-004, CMB-WIRE-023).
std::size_t LargestHeader(const lifecycle::Outgoing& outgoing, ack::v1::CognitiveMessage header) {
  constexpr std::uint32_t kLastAttempt = 101;
  header.set_attempt(kLastAttempt);
  header.set_ttl_ms(static_cast<std::uint64_t>(outgoing.ttl.count()));
  std::size_t largest = header.ByteSizeLong();
  for (const auto& channel : outgoing.channels) {
    header.set_channel(channel.str());
    largest = std::max(largest, header.ByteSizeLong());
  }
  return largest;
}

// CMB-TGT-012: so far back reaches the memory.
lifecycle::TargetConfig BegunIn(TxStore& store, lifecycle::Instant now, std::size_t routers,
                                lifecycle::TargetConfig config) {
  config.several_routers = routers > 1;
  config.began = config.profile == lifecycle::Profile::kDurable ? Began(store, now) : now;
  return config;
}

// CMB-TMR-014; which channel leads to which router (CMB-FBK-004).
lifecycle::SenderConfig Through(const SocketMap& sockets, lifecycle::Instant began,
                                lifecycle::SenderConfig config) {
  config.measured_since = began;
  for (const auto& channel : sockets.channels()) {
    const auto socket = static_cast<std::size_t>(sockets.Find(channel));
    config.routers.emplace(channel, sockets.routers().at(sockets.RouterOf(socket)));
  }
  return config;
}

// A target's last word on a work.
bool IsEnd(const lifecycle::AckOut& ack) {
  return ack.type == lifecycle::AckType::kExecutionAck &&
         ack.status != lifecycle::Status::kInProgress;
}

}  // namespace

EndpointShell::EndpointShell(EndpointSettings settings, SocketMap sockets, EndpointParts parts,
                             lifecycle::JitterSource jitter)
    : settings_(std::move(settings)),
      sockets_(std::move(sockets)),
      parts_(parts),
      sender_(lifecycle::ModuleId(settings_.module_id),
              Through(sockets_, Began(parts.store, Now()), settings_.sender), std::move(jitter)),
      target_(lifecycle::ModuleId(settings_.module_id),
              BegunIn(parts.store, Now(), sockets_.routers().size(), settings_.target)),
      records_(parts.store, parts.journal.clock(),
               [this](Role role, const lifecycle::MessageKey& key) { return Keep(role, key); }),
      ids_(settings_.id_prefix) {}

lifecycle::Instant EndpointShell::Now() const {
  return lifecycle::AtMs(static_cast<std::int64_t>(parts_.journal.clock().NowMs()));
}

// The role that is named where neither core was asked.
Role EndpointShell::OwnRole() const {
  return settings_.plays == Plays::kTargetOnly ? Role::kTarget : Role::kSender;
}

std::optional<lifecycle::RecordView> EndpointShell::FindView(
    Role role, const lifecycle::MessageKey& key) const {
  return role == Role::kSender ? sender_.Find(key.id) : target_.Find(key);
}

std::variant<lifecycle::MessageId, lifecycle::SendRefusal> EndpointShell::Send(
    std::string_view channel, const std::string& target, const OutgoingMessage& message,
    const ack::v1::DeliveryPolicy& policy) {
  auto channels = ChannelsOfSend(sockets_, channel, policy, settings_.sender.fallback);
  if (auto* refusal = std::get_if<lifecycle::SendRefusal>(&channels)) {
    return *std::move(refusal);
  }
  lifecycle::Outgoing outgoing;
  outgoing.channel = std::get<SendChannels>(channels).first;
  outgoing.channels = std::get<SendChannels>(std::move(channels)).in_turn;
  outgoing.id = lifecycle::MessageId(ids_.Next());
  outgoing.target = lifecycle::ModuleId(target);
  outgoing.key = lifecycle::IdempotencyKey(message.idempotency_key);
  outgoing.ttl = message.ttl;
  outgoing.reconcile_window = message.reconcile_window;
  outgoing.policy = PolicyFromWire(policy);

  auto parcel = PayloadParcel(message.payload);
  parcel->header = MessageHeader(message, policy);
  parcel->header.set_message_id(outgoing.id.str());
  parcel->header.set_source(settings_.module_id);
  parcel->header.add_targets(target);
  parcel->header.set_channel(outgoing.channel.str());
  SayBatches(settings_.batch_ack, parcel->header);
  parcel->header.set_created_wall_ms(parts_.journal.clock().WallMs());
  if (LargestHeader(outgoing, parcel->header) > kDefaultHeaderBytes) {
    return lifecycle::SendRefusal{lifecycle::ErrorCode::kValidationError,
                                  "the header would be longer than 65536 bytes"};
  }
  outgoing.parcel = std::move(parcel);

  auto result = sender_.Send(outgoing, Now());
  if (auto* refusal = std::get_if<lifecycle::SendRefusal>(&result)) {
    return *std::move(refusal);
  }
  ids_.Take();
  records_.SetMeta(kLastId, std::to_string(ids_.last()));
  if (!message.idempotency_key.empty()) {  // The record that it is the id of has lent it.
    records_.Touch(Role::kSender, {lifecycle::ModuleId(settings_.module_id),
                                   lifecycle::MessageId(message.idempotency_key)});
  }
  Run(std::get<lifecycle::Effects>(std::move(result)));
  return outgoing.id;
}

bool EndpointShell::WorkStarted(const lifecycle::MessageKey& key,
                                const lifecycle::HandlerStart& start) {
  Run(target_.OnHandlerStarted(key, start, Now()));
  const auto record = target_.Find(key);
  return record && record->state == lifecycle::State::kExecuting;
}

void EndpointShell::WorkHeld(const lifecycle::MessageKey& key, lifecycle::Duration hold) {
  TouchWork(key);  // Held or getting on, its image changes without an event.
  Run(target_.OnHandlerHeld(key, hold, Now()));
}

void EndpointShell::WorkProgressed(const lifecycle::MessageKey& key,
                                   const lifecycle::HandlerProgress& progress) {
  TouchWork(key);
  Run(target_.OnHandlerProgress(key, progress, Now()));
}

void EndpointShell::WorkStopped(const lifecycle::MessageKey& key) {
  Run(target_.OnHandlerStopped(key, Now()));
}

void EndpointShell::WorkEnded(const lifecycle::MessageKey& key, const lifecycle::HandlerEnd& end) {
  Run(target_.OnHandlerEnded(key, end, Now()));
}

void EndpointShell::Run(lifecycle::Effects effects) {
  for (auto& effect : effects) {
    if (const auto* event = std::get_if<lifecycle::EmitEvent>(&effect)) {
      Do(*event);
    } else {
      held_.push_back(std::move(effect));
    }
  }
}

// CMB-WIRE-010, CMB-SND-002: but for three fields it is the first send. A message that finds no
// connection is not lost for good: the phase timer sends it again.
void EndpointShell::Do(const lifecycle::SendMessage& effect) {
  const FrameParcel& frames = *FramesOf(effect.parcel);
  auto header = frames.header;
  header.set_attempt(effect.attempt);
  header.set_ttl_ms(static_cast<std::uint64_t>(effect.ttl.count()));
  header.set_channel(effect.channel.str());
  const int channel = sockets_.Find(effect.channel.str());
  if (channel < 0) {  // A message of an earlier process, and the channel is configured no more.
    auto anomaly = AnomalyOf(AnomalyKind::kUndeliverable, Role::kSender, header, Now());
    anomaly.note = "its channel " + effect.channel.str() + " is configured no more";
    return parts_.journal.Write(std::move(anomaly));
  }
  const auto socket = static_cast<std::size_t>(channel);
  parts_.transport.Send(socket, {}, wire::EncodeHeader(header), frames.SharePayload());
}

void EndpointShell::Do(const lifecycle::SendAck& effect) {
  const auto header = AckHeader(settings_.module_id, effect);
  const bool fits = header.ByteSizeLong() <= kLargestHeader;  // Else no time will come to send it.
  Settle(effect, fits ? SendTo(effect.via, header, PayloadOf(effect.parcel)) : SendResult::kSent);
}

// An ACK of an earlier process may name a router that is configured no more.
SendResult EndpointShell::SendTo(const lifecycle::RouterName& via,
                                 const ack::v1::CognitiveMessage& header, zmq::message_t payload) {
  const int router = sockets_.FindRouter(via.str());
  if (router < 0) {
    return SendResult::kUnroutable;
  }
  const std::size_t to = sockets_.ingress(static_cast<std::size_t>(router));
  const auto result = parts_.transport.Send(to, {}, wire::EncodeHeader(header), std::move(payload));
  if (result == SendResult::kSent && parts_.meter != nullptr) {
    parts_.meter->Sent(header);
  }
  return result;
}

void EndpointShell::SendTogether(const std::vector<lifecycle::SendAck>& acks) {
  if (acks.size() == 1) {
    return Do(acks.front());
  }
  const auto header = AckBatchHeader(settings_.module_id, acks);
  const auto result = SendTo(acks.front().via, header, {});
  for (const auto& ack : acks) {
    Settle(ack, result);
  }
}

void EndpointShell::Settle(const lifecycle::SendAck& effect, SendResult result) {
  if (result == SendResult::kSent && IsEnd(effect.ack)) {
    // CMB-DUR-008: not said again after a restart. Recorded by the next commit.
    const lifecycle::MessageKey key{effect.to, effect.ack.correlation_id};
    target_.OnEndTold(key, effect.via);
    records_.Touch(Role::kTarget, key);
  } else if (IsLost(result)) {
    parts_.journal.Write(AnomalyOf(AnomalyKind::kUndeliverable, OwnRole(),
                                   AckHeader(settings_.module_id, effect), Now()));
  }
}

void EndpointShell::Do(const lifecycle::OfferWork& effect) {
  parts_.handler.Offer({effect.key, effect.idempotency_key, effect.attempt,
                        std::static_pointer_cast<const FrameParcel>(effect.parcel), effect.arrived,
                        effect.again});
}

void EndpointShell::Do(const lifecycle::EmitEvent& effect) {
  records_.Touch(effect.event);
  const auto* transition = std::get_if<lifecycle::TransitionEvent>(&effect.event);
  if (transition != nullptr && transition->role == Role::kTarget && parts_.store.IsDurable()) {
    TouchWork(transition->key);
  }
  parts_.journal.Write(effect.event);
}

std::optional<lifecycle::Timer> EndpointShell::NextTimer(lifecycle::TimerClass timer_class) const {
  auto of_sender = sender_.NextTimer(timer_class);
  auto of_target = target_.NextTimer(timer_class);
  return FiresBefore(of_target, of_sender) ? of_target : of_sender;
}

std::vector<lifecycle::Timer> EndpointShell::Timers() const {
  auto timers = sender_.Timers();
  auto of_target = target_.Timers();
  timers.insert(timers.end(), of_target.begin(), of_target.end());
  return timers;
}

bool EndpointShell::FireNext(lifecycle::TimerClass timer_class) {
  const auto of_sender = sender_.NextTimer(timer_class);
  const auto of_target = target_.NextTimer(timer_class);
  const bool target_first = FiresBefore(of_target, of_sender);
  const auto& next = target_first ? of_target : of_sender;
  if (!next || next->deadline > Now()) {
    return false;
  }
  if (target_first) {
    TouchWork(next->key);
  } else {
    records_.Touch(Role::kSender, next->key);
  }
  auto effects =
      target_first ? target_.FireNext(Now(), timer_class) : sender_.FireNext(Now(), timer_class);
  Run(effects ? *std::move(effects) : lifecycle::Effects{});
  return true;
}

// CMB-INS-001.
std::optional<ack::v1::TransactionRecord> EndpointShell::Find(const std::string& source,
                                                              const std::string& message_id) const {
  const lifecycle::MessageKey key{lifecycle::ModuleId(source), lifecycle::MessageId(message_id)};
  const bool own = source == settings_.module_id && OwnRole() == Role::kSender;
  const auto record = FindView(own ? Role::kSender : Role::kTarget, key);
  return record ? std::optional(RecordToWire(*record)) : std::nullopt;
}

}  // namespace cmb::reference
