// Batches of ACKs: only for those who take them, and of a size that they must take.
#include <fmt/format.h>

#include <string>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

constexpr int kMostAcks = 256;

bool SpeaksForItself(const ack::v1::CognitiveMessage& header) {
  return header.msg_type() == ack::v1::MSG_TYPE_MESSAGE ||
         header.msg_type() == ack::v1::MSG_TYPE_PING || header.msg_type() == ack::v1::MSG_TYPE_PONG;
}

// The last word of `peer` in this life of the process, before the batch; a frame of its own
// exchange may have been handled before it.
bool TakesBatches(const Facts& facts, const std::string& peer, const FrameSeen& batch) {
  bool takes = false;
  for (const FrameSeen& seen : facts.received()) {
    if (seen.header == nullptr || seen.life != batch.life || seen.header->source() != peer ||
        seen.frame->peer != peer || !SpeaksForItself(*seen.header)) {
      continue;
    }
    if (seen.exchange < batch.exchange) {
      takes = seen.header->accepts_ack_batch();
    } else if (seen.exchange == batch.exchange) {
      takes = takes || seen.header->accepts_ack_batch();
    }
  }
  return takes;
}

void BatchesOnlyToThoseWhoTakeThem(const Facts& facts, Breaches& breaches) {
  for (const FrameSeen& seen : facts.sent()) {
    if (seen.header == nullptr || !seen.header->has_ack_batch()) {
      continue;
    }
    if (!TakesBatches(facts, seen.frame->peer, seen)) {
      breaches.push_back(
          {seen.entry, fmt::format("an ack_batch of {} to {}, who did not ask for it",
                                   seen.header->ack_batch().acks_size(), seen.frame->peer)});
    }
  }
}

void BatchesHaveTheirSize(const Facts& facts, Breaches& breaches) {
  const int limit = static_cast<int>(facts.transcript().header.settings.limits().batch());
  for (const FrameSeen& seen : facts.sent()) {
    if (seen.header == nullptr || !seen.header->has_ack_batch()) {
      continue;
    }
    const int size = seen.header->ack_batch().acks_size();
    if (size < 1 || size > (limit == 0 ? kMostAcks : limit)) {
      breaches.push_back({seen.entry, fmt::format("an ack_batch of {} ACKs", size)});
    }
  }
}

}  // namespace

std::vector<Rule> BatchRules() {
  const std::vector<ack::v1::Role> all{ack::v1::ROLE_SENDER, ack::v1::ROLE_ROUTER,
                                       ack::v1::ROLE_TARGET};
  return {
      {"batches-only-to-those-who-take-them",
       {"CMB-BAT-001"},
       all,
       "An ack_batch goes only to a peer whose last word was accepts_ack_batch.",
       BatchesOnlyToThoseWhoTakeThem},
      {"batches-have-their-size",
       {"CMB-BAT-004"},
       all,
       "An ack_batch holds at least one ACK and at most as many as its limit.",
       BatchesHaveTheirSize},
  };
}

}  // namespace cmb::conformance::oracle
