// Batches of ACKs: only for those who take them, of a size that they must take, and passed on by a
// router as they came.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

constexpr int kMostAcks = 256;

bool SpeaksForItself(const ack::v1::CognitiveMessage& header) {
  return header.msg_type() == ack::v1::MSG_TYPE_MESSAGE ||
         header.msg_type() == ack::v1::MSG_TYPE_PING || header.msg_type() == ack::v1::MSG_TYPE_PONG;
}

bool NamesBatches(const ack::v1::CognitiveMessage& header) {
  return std::find(header.features().begin(), header.features().end(),
                   ack::v1::FEATURE_BATCH_ACK) != header.features().end();
}

// The last word of `peer` in this life of the process, before the batch; a frame of its own
// exchange may have been handled before it.
bool TakesBatches(const History& history, const std::string& peer, const FrameSeen& batch) {
  bool takes = false;
  for (const FrameSeen& seen : history.received()) {
    if (seen.header == nullptr || seen.life != batch.life || seen.header->source() != peer ||
        seen.frame->peer != peer || !SpeaksForItself(*seen.header)) {
      continue;
    }
    if (seen.exchange < batch.exchange) {
      takes = NamesBatches(*seen.header);
    } else if (seen.exchange == batch.exchange) {
      takes = takes || NamesBatches(*seen.header);
    }
  }
  return takes;
}

void BatchesOnlyToThoseWhoTakeThem(const History& history, Breaches& breaches) {
  for (const FrameSeen& seen : history.sent()) {
    if (seen.header == nullptr || !seen.header->has_ack_batch()) {
      continue;
    }
    if (!TakesBatches(history, seen.frame->peer, seen)) {
      breaches.push_back(
          {seen.entry, fmt::format("an ack_batch of {} to {}, who did not ask for it",
                                   seen.header->ack_batch().acks_size(), seen.frame->peer)});
    }
  }
}

void BatchesHaveTheirSize(const History& history, Breaches& breaches) {
  const int limit = static_cast<int>(history.transcript().header.settings.limits().batch());
  for (const FrameSeen& seen : history.sent()) {
    if (seen.header == nullptr || !seen.header->has_ack_batch()) {
      continue;
    }
    const int size = seen.header->ack_batch().acks_size();
    if (size < 1 || size > (limit == 0 ? kMostAcks : limit)) {
      breaches.push_back({seen.entry, fmt::format("an ack_batch of {} ACKs", size)});
    }
  }
}

using Acks = std::vector<const ack::v1::Ack*>;

void Append(const ack::v1::CognitiveMessage& header, Acks& acks) {
  const Acks more = AcksOf(header);
  acks.insert(acks.end(), more.begin(), more.end());
}

// What a router keeps for itself, or drops: all else it passes on.
bool StaysAtTheRouter(const ack::v1::Ack* ack) {
  switch (ack->ack_type()) {
    case ack::v1::ACK_TYPE_RECEIPT:
    case ack::v1::ACK_TYPE_TIMEOUT:
    case ack::v1::ACK_TYPE_ROUTER_ACK:
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return true;
    default:  // open enum
      return false;
  }
}

bool IsSame(const ack::v1::Ack* one, const ack::v1::Ack* other) {
  return one->SerializeAsString() == other->SerializeAsString();
}

// The ACKs of the author of `batch` for its addressee that came in its exchange, and those of them
// that left again.
struct Talk {
  Acks came, left;

  Talk(const Exchange& exchange, const FrameSeen& batch) {
    const auto is_of_it = [&batch](const FrameSeen& seen) {
      return seen.header != nullptr && seen.header->targets_size() == 1 &&
             seen.header->source() == batch.header->source() &&
             seen.header->targets(0) == batch.header->targets(0);
    };
    for (const FrameSeen& seen : exchange.received) {
      if (is_of_it(seen) && seen.frame->peer == seen.header->source()) {
        Append(*seen.header, came);
      }
    }
    std::erase_if(came, StaysAtTheRouter);
    for (const FrameSeen& seen : exchange.sent) {
      if (is_of_it(seen) && seen.frame->peer == seen.header->targets(0)) {
        Append(*seen.header, left);
      }
    }
  }
};

// The first that left before one that had come before it; the end if all kept their order.
Acks::const_iterator OutOfOrder(const Talk& talk) {
  auto place = talk.came.begin();
  for (auto sent = talk.left.begin(); sent != talk.left.end(); ++sent) {
    place =
        std::find_if(place, talk.came.end(), [&](const auto* ack) { return IsSame(ack, *sent); });
    if (place == talk.came.end()) {
      return sent;
    }
    ++place;
  }
  return talk.left.end();
}

// Nothing but well-formed ACKs came, so that what leaves is what came and no stored answer.
bool IsPassingAlone(const Exchange& exchange) {
  return std::all_of(exchange.received.begin(), exchange.received.end(), [](const FrameSeen& seen) {
    return seen.header != nullptr && seen.header->targets_size() == 1 &&
           seen.header->msg_type() == ack::v1::MSG_TYPE_ACK && seen.frame->socket == kAckIngress;
  });
}

void JudgePassing(const Exchange& exchange, const FrameSeen& batch, Breaches& breaches) {
  const Talk talk(exchange, batch);
  const auto late = OutOfOrder(talk);
  if (late != talk.left.end()) {
    breaches.push_back({batch.entry, fmt::format("{} of '{}' does not leave in the order in which "
                                                 "it came",
                                                 Words(**late), (*late)->correlation_id())});
  } else if (exchange.anomalies.empty() && talk.left.size() < talk.came.size()) {
    breaches.push_back(
        {batch.entry, fmt::format("{} of {} ACKs for {} are passed on", talk.left.size(),
                                  talk.came.size(), batch.header->targets(0))});
  }
}

void BatchesPassWholeAndInOrder(const History& history, Breaches& breaches) {
  for (const auto& [number, exchange] : history.exchanges()) {
    if (!IsPassingAlone(exchange)) {
      continue;
    }
    for (const FrameSeen& seen : exchange.received) {
      if (seen.header->has_ack_batch() && seen.frame->peer == seen.header->source()) {
        JudgePassing(exchange, seen, breaches);
      }
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
       "An ack_batch goes only to a peer that named BATCH_ACK last.",
       BatchesOnlyToThoseWhoTakeThem},
      {"batches-have-their-size",
       {"CMB-BAT-004"},
       all,
       "An ack_batch holds at least one ACK and at most as many as its limit.",
       BatchesHaveTheirSize},
      {"batches-pass-whole-and-in-order",
       {"CMB-BAT-003"},
       {ack::v1::ROLE_ROUTER},
       "The ACKs of a batch that a router passes on leave all and in their order, batched or not.",
       BatchesPassWholeAndInOrder},
  };
}

}  // namespace cmb::conformance::oracle
