// Several ACKs in one header (feature batch_ack): taken apart where they arrive,
// put together where they leave.
//
// Used by both shells. Threads: one owner. Spec: chapter "Batches of ACKs".
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "reference/lifecycle/effects.h"
#include "reference/shell/frame_parcel.h"

namespace cmb::reference {

// ACKs of one ack_batch: more make the whole of it MALFORMED (CMB-BAT-004).
inline constexpr std::size_t kLargestBatch = 256;

// A batch is closed before its header could become larger than every peer takes
// (CMB-BAT-006, CMB-WIRE-018). Batches keep the order of their ACKs (CMB-BAT-007).
inline constexpr std::size_t kBatchBytes = 32 * 1024;

// What a MESSAGE, PING or PONG says of its author: whether it takes batches (CMB-BAT-005).
void SayBatches(bool takes, ack::v1::CognitiveMessage& header);
bool SaysBatches(const ack::v1::CognitiveMessage& header);

// Who takes batches: the last MESSAGE, PING or PONG of each peer decides
// (CMB-BAT-001).
class BatchPeers {
 public:
  // A frame that `peer` made and sent itself. To a router a peer is a module, to
  // an endpoint one of its routers.
  void Hear(const std::string& peer, const ack::v1::CognitiveMessage& header);
  bool Accepts(const std::string& peer) const { return accepting_.contains(peer); }

 private:
  std::set<std::string> accepting_;
};

// The ACKs of a batch, each in frames of its own: the header of the batch around
// it and an empty payload (CMB-BAT-002, CMB-BAT-003). An ACK that came alone is
// returned as it is.
std::vector<std::shared_ptr<FrameParcel>> Apart(std::shared_ptr<FrameParcel> arrived);

// Gathers the ACKs of one step by addressee and router.
class AckBatcher {
 public:
  // All to the same addressee through the same router, in order; at least one.
  using Send = std::function<void(const std::vector<lifecycle::SendAck>&)>;

  // `limit` ACKs at most go into one batch; at least 1.
  AckBatcher(std::size_t limit, Send send) : limit_(limit), send_(std::move(send)) {}

  // REQUIRES: it has no payload.
  void Add(const lifecycle::SendAck& ack);
  // Sends what was gathered for `to`, through whichever router, so that what
  // comes next comes behind it.
  void Flush(const lifecycle::ModuleId& to);
  void FlushAll();

 private:
  struct Gathered {
    std::vector<lifecycle::SendAck> acks;
    std::size_t bytes = 0;
  };

  std::size_t limit_;
  Send send_;
  std::map<std::pair<lifecycle::ModuleId, lifecycle::RouterName>, Gathered> gathered_;
};

}  // namespace cmb::reference
