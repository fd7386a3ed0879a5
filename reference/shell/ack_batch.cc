#include "reference/shell/ack_batch.h"

#include <algorithm>
#include <utility>

#include "proto/wire/frame_codec.h"
#include "reference/shell/ack_fields.h"

namespace cmb::reference {
namespace {

// More peers than this are not remembered; they get their ACKs one by one.
constexpr std::size_t kMostPeers = 65536;

// What an ACK without id and note needs, and more.
constexpr std::size_t kAckBytes = 96;

}  // namespace

void SayBatches(bool takes, ack::v1::CognitiveMessage& header) {
  if (takes) {
    header.add_features(ack::v1::FEATURE_BATCH_ACK);
  }
}

bool SaysBatches(const ack::v1::CognitiveMessage& header) {
  return std::find(header.features().begin(), header.features().end(),
                   ack::v1::FEATURE_BATCH_ACK) != header.features().end();
}

void BatchPeers::Hear(const std::string& peer, const ack::v1::CognitiveMessage& header) {
  const auto type = header.msg_type();
  if (type != ack::v1::MSG_TYPE_MESSAGE && type != ack::v1::MSG_TYPE_PING &&
      type != ack::v1::MSG_TYPE_PONG) {
    return;
  }
  if (!SaysBatches(header)) {
    accepting_.erase(peer);
  } else if (accepting_.size() < kMostPeers) {
    accepting_.insert(peer);
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
  const std::size_t bytes =
      kAckBytes + ack.ack.correlation_id.str().size() + WithinNote(ack.ack.note).size();
  auto& gathered = gathered_[{ack.to, ack.via}];
  if (gathered.acks.size() >= limit_ || gathered.bytes + bytes > kBatchBytes) {
    send_(std::exchange(gathered.acks, {}));
    gathered.bytes = 0;
  }
  gathered.acks.push_back(ack);
  gathered.bytes += bytes;
}

void AckBatcher::Flush(const lifecycle::ModuleId& to) {
  const auto first = gathered_.lower_bound({to, {}});
  auto next = first;
  for (; next != gathered_.end() && next->first.first == to; ++next) {
    send_(next->second.acks);
  }
  gathered_.erase(first, next);
}

void AckBatcher::FlushAll() {
  for (const auto& [way, gathered] : std::exchange(gathered_, {})) {
    send_(gathered.acks);
  }
}

}  // namespace cmb::reference
