// What a router does with what it received: passes it on as it came, acknowledges delivery only
// when the target has spoken, and then stops.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;

// The target has the message: its RECEIPT, or any other ACK of it.
bool IsWordOfTarget(const AckSeen& seen, const MessageHistory& message, const History& history) {
  const bool refusal = seen.ack->ack_type() == ack::v1::ACK_TYPE_RECEIPT &&
                       seen.ack->status() != ack::v1::STATUS_SUCCESS;
  return !refusal && seen.header->source() == TargetOf(message) && Rightful(seen, message, history);
}

void DeliveryAckAfterReceipt(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& sent : message.acks_sent) {
      const bool claims = sent.header->source() == history.module_id() &&
                          sent.ack->ack_type() == ack::v1::ACK_TYPE_DELIVERY_ACK &&
                          sent.ack->status() == ack::v1::STATUS_SUCCESS;
      const bool heard =
          std::any_of(message.acks_received.begin(), message.acks_received.end(),
                      [&, &message = message](const AckSeen& a) {
                        return NotAfter(a, sent) && IsWordOfTarget(a, message, history);
                      });
      if (claims && !heard) {
        breaches.push_back(
            {sent.entry,
             fmt::format("DELIVERY_ACK/SUCCESS of '{}' before a word of its target", id)});
      }
    }
  }
}

// One ACK of `header`, as it would look alone.
std::string AloneAs(const ack::v1::CognitiveMessage& header, const Ack& ack) {
  ack::v1::CognitiveMessage alone = header;
  alone.clear_ack_batch();
  *alone.mutable_ack() = ack;
  return alone.SerializeAsString();
}

// The ACK itself came, and something about it was changed on the way.
bool CameAltered(const AckSeen& sent, const MessageHistory& message) {
  return std::any_of(
      message.acks_received.begin(), message.acks_received.end(), [&sent](const AckSeen& a) {
        return NotAfter(a, sent) && a.frame->peer == a.header->source() &&
               a.header->source() == sent.header->source() && Words(*a.ack) == Words(*sent.ack) &&
               a.ack->attempt() == sent.ack->attempt();
      });
}

void PassesOnWhatCame(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& sent : message.acks_sent) {
      if (sent.header->source() == history.module_id()) {
        continue;
      }
      const std::string wanted = AloneAs(*sent.header, *sent.ack);
      const bool came = std::any_of(
          message.acks_received.begin(), message.acks_received.end(), [&](const AckSeen& a) {
            return NotAfter(a, sent) && a.frame->peer == a.header->source() &&
                   a.frame->payload() == sent.frame->payload() &&
                   AloneAs(*a.header, *a.ack) == wanted;
          });
      if (!came) {
        const bool altered = CameAltered(sent, message);
        breaches.push_back(
            {sent.entry,
             fmt::format("{} of '{}' in the name of {}, who {}", Words(*sent.ack), id,
                         sent.header->source(), altered ? "said it otherwise" : "never said it"),
             altered ? "CMB-WIRE-008" : "CMB-RTR-021"});
      }
    }
  }
}

std::string WithoutTtl(const FrameSeen& copy) {
  ack::v1::CognitiveMessage header = *copy.header;
  header.clear_ttl_ms();
  return header.SerializeAsString();
}

void ForwardsUnaltered(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    const bool redriven = message.copies_received.empty() && !Arrivals(message).empty();
    for (const FrameSeen& sent : message.copies_sent) {
      if (redriven) {
        break;  // Rule redrive-is-its-dead-letter.
      }
      const std::string wanted = WithoutTtl(sent);
      bool header_came = false, came = false;
      for (const FrameSeen& copy : message.copies_received) {
        const bool same = NotAfter(copy, sent) && copy.frame->peer == copy.header->source() &&
                          WithoutTtl(copy) == wanted;
        header_came = header_came || same;
        came = came || (same && copy.frame->payload() == sent.frame->payload());
      }
      if (!came) {
        breaches.push_back(
            {sent.entry,
             fmt::format("attempt {} of '{}' is forwarded with {} that never came",
                         sent.header->attempt(), id, header_came ? "a payload" : "a header"),
             header_came ? "CMB-WIRE-007" : "CMB-WIRE-008"});
      }
    }
  }
}

bool NamesAlone(const FrameSeen& seen, const std::string& module) {
  return seen.header->targets_size() == 1 && seen.header->targets(0) == module;
}

// Later copies of a message that is held are not checked any more; it goes where the first said.
bool GoesToItsTarget(const FrameSeen& sent, const History& history) {
  const auto& copies = history.messages().at(sent.header->message_id()).copies_received;
  return std::any_of(copies.begin(), copies.end(),
                     [&sent](const FrameSeen& copy) { return NamesAlone(copy, sent.frame->peer); });
}

void SendsToTheAddressee(const History& history, Breaches& breaches) {
  for (const FrameSeen& sent : history.sent()) {
    if (sent.header == nullptr || NamesAlone(sent, sent.frame->peer)) {
      continue;
    }
    const bool message = sent.header->msg_type() == ack::v1::MSG_TYPE_MESSAGE;
    if (!message || !GoesToItsTarget(sent, history)) {
      breaches.push_back(
          {sent.entry, fmt::format("a {} for {} goes to {}", wire::Word(sent.header->msg_type()),
                                   sent.header->targets_size() == 1 ? sent.header->targets(0)
                                                                    : "not exactly one module",
                                   sent.frame->peer)});
    }
  }
}

void NeverRejectsWhatItHolds(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& refusal : message.acks_sent) {
      if (refusal.ack->ack_type() != ack::v1::ACK_TYPE_ROUTER_ACK ||
          refusal.ack->status() != ack::v1::STATUS_REJECTED) {
        continue;
      }
      const bool held = std::any_of(message.acks_sent.begin(), message.acks_sent.end(),
                                    [&, &message = message](const AckSeen& a) {
                                      return a.exchange < refusal.exchange &&
                                             a.frame->peer == refusal.frame->peer &&
                                             a.ack->ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK &&
                                             a.ack->status() == ack::v1::STATUS_SUCCESS &&
                                             refusal.at_ms <= LifeEnd(message, history, refusal);
                                    });
      if (held) {
        breaches.push_back({refusal.entry, fmt::format("{} of '{}', which it had accepted",
                                                       Words(*refusal.ack), id)});
      }
    }
  }
}

// States in which a router's record forwards nothing.
bool IsClosed(ack::v1::State state) {
  return state == ack::v1::STATE_SETTLED || state == ack::v1::STATE_CANCELLED ||
         state == ack::v1::STATE_REJECTED || state == ack::v1::STATE_DEAD_LETTERED;
}

void NothingLeavesAClosedRecord(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const FrameSeen& copy : message.copies_sent) {
      const TransitionSeen* last = nullptr;
      for (const TransitionSeen& seen : message.transitions) {
        if (seen.exchange < copy.exchange && seen.event->source() == copy.header->source()) {
          last = &seen;
        }
      }
      const bool reopened =
          std::any_of(message.transitions.begin(), message.transitions.end(),
                      [&](const TransitionSeen& seen) { return seen.exchange == copy.exchange; });
      if (last != nullptr && !reopened && IsClosed(last->event->new_state()) &&
          copy.at_ms <= LifeEnd(message, history, copy)) {
        breaches.push_back(
            {copy.entry,
             fmt::format("'{}' is forwarded although it is {}", id,
                         wire::Word(last->event->new_state())),
             last->event->new_state() == ack::v1::STATE_SETTLED ? "CMB-RTR-027" : "CMB-RTR-029"});
      }
    }
  }
}

}  // namespace

std::vector<Rule> RouterRules() {
  using enum ack::v1::Role;
  return {
      {"delivery-ack-after-receipt",
       {"CMB-RTR-009"},
       {ROLE_ROUTER},
       "DELIVERY_ACK/SUCCESS follows a RECEIPT or another ACK of the target.",
       DeliveryAckAfterReceipt},
      {"passes-on-what-came",
       {"CMB-RTR-021", "CMB-WIRE-008"},
       {ROLE_ROUTER},
       "A router passes on ACKs of others as they came and invents none.",
       PassesOnWhatCame},
      {"forwards-unaltered",
       {"CMB-WIRE-008", "CMB-WIRE-007"},
       {ROLE_ROUTER},
       "A forwarded message is one that came, but for its ttl_ms.",
       ForwardsUnaltered},
      {"sends-to-the-addressee",
       {"CMB-WIRE-020"},
       {ROLE_ROUTER},
       "Everything goes to the module that its header names.",
       SendsToTheAddressee},
      {"never-rejects-what-it-holds",
       {"CMB-RTR-004"},
       {ROLE_ROUTER},
       "A message that was accepted is never rejected.",
       NeverRejectsWhatItHolds},
      {"nothing-leaves-a-closed-record",
       {"CMB-RTR-029", "CMB-RTR-027"},
       {ROLE_ROUTER},
       "Nothing is forwarded of a message that is settled, cancelled, rejected or dead.",
       NothingLeavesAClosedRecord},
  };
}

}  // namespace cmb::conformance::oracle
