// What RouterShell sends once its store has what it answers. The rest of it is in
// router_shell.cc.
#include <utility>

#include "proto/wire/frame_codec.h"
#include "reference/router/router_shell.h"
#include "reference/shell/to_wire.h"

namespace cmb::reference {
namespace {

using lifecycle::AnomalyEvent;
using lifecycle::AnomalyKind;
using lifecycle::kRouterId;
using lifecycle::Role;

AnomalyEvent Undeliverable(const lifecycle::SendAck& effect) {
  AnomalyEvent anomaly;
  anomaly.id = effect.ack.correlation_id;
  anomaly.peer = effect.to;
  anomaly.type = effect.ack.type;
  anomaly.status = effect.ack.status;
  anomaly.attempt = effect.ack.attempt;
  return anomaly;
}

}  // namespace

// Frames to one peer keep their order; own ACKs to one that takes batches wait
// for those behind them (CMB-BAT-001).
void RouterShell::Commit() {
  records_.Commit();
  AckBatcher batcher(settings_.batch, [this](const auto& acks) { SendTogether(acks); });
  for (const auto& held : std::exchange(held_, {})) {
    if (const auto* ack = std::get_if<lifecycle::SendAck>(&held)) {
      if (settings_.batch_ack && !ack->parcel && batch_peers_.Accepts(ack->to.str())) {
        batcher.Add(*ack);
      } else {
        Send(*ack);
      }
    } else if (const auto* forward = std::get_if<lifecycle::ForwardAck>(&held)) {
      batcher.Flush(forward->to);
      Send(*forward);
    } else if (const auto* reply = std::get_if<HeldReply>(&held)) {
      Send(*reply);
    }
  }
  batcher.FlushAll();
}

void RouterShell::SendTogether(const std::vector<lifecycle::SendAck>& acks) {
  if (acks.size() == 1) {
    return Send(acks.front());
  }
  const auto header = AckBatchHeader(kRouterId.str(), acks);
  if (SendOnEgress(acks.front().to, header, wire::EncodeHeader(header), {})) {
    return;
  }
  for (const auto& ack : acks) {
    CountUndeliverable(Undeliverable(ack), ack.to);
  }
}

void RouterShell::Send(const lifecycle::SendAck& effect) {
  const auto header = AckHeader(kRouterId.str(), effect);
  if (header.ByteSizeLong() > kLargestHeader ||
      !SendOnEgress(effect.to, header, wire::EncodeHeader(header), PayloadOf(effect.parcel))) {
    CountUndeliverable(Undeliverable(effect), effect.to);
  }
}

void RouterShell::Send(const lifecycle::ForwardAck& effect) {
  const FrameParcel& frames = *FramesOf(effect.parcel);
  if (!SendOnEgress(effect.to, frames.header, frames.HeaderBytes(), frames.SharePayload())) {
    CountUndeliverable(AnomalyOf(AnomalyKind::kUndeliverable, Role::kRouter, frames.header, Now()),
                       effect.to);
  }
}

void RouterShell::Send(const HeldReply& reply) {
  const lifecycle::ModuleId asker(reply.header.targets(0));
  if (transport_.Send(reply.socket, asker.str(), wire::EncodeHeader(reply.header), {}) !=
      SendResult::kSent) {
    CountUndeliverable({}, asker);
  }
}

bool RouterShell::SendOnEgress(const lifecycle::ModuleId& peer,
                               const ack::v1::CognitiveMessage& header, std::string_view bytes,
                               zmq::message_t payload) {
  if (transport_.Send(sockets_.egress(), peer.str(), bytes, std::move(payload)) !=
      SendResult::kSent) {
    return false;
  }
  if (meter_ != nullptr) {
    meter_->Sent(header);
  }
  return true;
}

// CMB-WIRE-014.
void RouterShell::CountUndeliverable(AnomalyEvent anomaly, const lifecycle::ModuleId& peer) {
  anomaly.kind = AnomalyKind::kUndeliverable;
  anomaly.role = Role::kRouter;
  anomaly.peer = peer;
  anomaly.at = Now();
  Count(std::move(anomaly));
}

}  // namespace cmb::reference
