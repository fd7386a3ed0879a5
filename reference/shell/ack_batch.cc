#include "reference/shell/ack_batch.h"

#include <utility>

#include "proto/wire/frame_codec.h"

namespace cmb::reference {
namespace {

// More peers than this are not remembered; they get their ACKs one by one.
constexpr std::size_t kMostPeers = 65536;

// What an ACK without id and note needs, and more.
constexpr std::size_t kAckBytes = 96;

}  // namespace

void BatchPeers::Hear(const ack::v1::CognitiveMessage& header) {
  const auto type = header.msg_type();
  if (type != ack::v1::MSG_TYPE_MESSAGE && type != ack::v1::MSG_TYPE_PING &&
      type != ack::v1::MSG_TYPE_PONG) {
    return;
  }
  if (!header.accepts_ack_batch()) {
    accepting_.erase(header.source());
  } else if (accepting_.size() < kMostPeers) {
    accepting_.insert(header.source());
  }
}

std::vector<std::shared_ptr<FrameParcel>> Apart(std::shared_ptr<FrameParcel> arrived) {
  if (!arrived->header.has_ack_batch()) {
    return {std::move(arrived)};
  }
  auto around = arrived->header;
  around.clear_ack_batch();
  std::vector<std::shared_ptr<FrameParcel>> parcels;
  for (const auto& ack : arrived->header.ack_batch().acks()) {
    auto& parcel = parcels.emplace_back(std::make_shared<FrameParcel>());
    parcel->header = around;
    *parcel->header.mutable_ack() = ack;
    const std::string bytes = wire::EncodeHeader(parcel->header);
    parcel->SetHeaderFrame(zmq::message_t(bytes.data(), bytes.size()));
  }
  return parcels;
}

void AckBatcher::Add(const lifecycle::SendAck& ack) {
  const std::size_t bytes = kAckBytes + ack.ack.correlation_id.str().size() + ack.ack.note.size();
  auto& gathered = gathered_[ack.to];
  if (gathered.acks.size() >= limit_ || gathered.bytes + bytes > kBatchBytes) {
    send_(std::exchange(gathered.acks, {}));
    gathered.bytes = 0;
  }
  gathered.acks.push_back(ack);
  gathered.bytes += bytes;
}

void AckBatcher::Flush(const lifecycle::ModuleId& to) {
  if (auto gathered = gathered_.extract(to)) {
    send_(gathered.mapped().acks);
  }
}

void AckBatcher::FlushAll() {
  while (!gathered_.empty()) {
    Flush(lifecycle::ModuleId(gathered_.begin()->first));
  }
}

}  // namespace cmb::reference
