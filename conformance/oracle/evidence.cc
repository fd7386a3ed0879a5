#include "conformance/oracle/evidence.h"

#include <algorithm>
#include <set>

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;

template <typename Predicate>
bool AnyRightful(const Story& story, const Facts& facts, const Mark& now, Predicate wanted) {
  return std::any_of(story.acks_received.begin(), story.acks_received.end(), [&](const AckSeen& a) {
    return NotAfter(a, now) && Rightful(a, story, facts) && wanted(a);
  });
}

bool Attests(const Ack& ack) {
  if (ack.ack_type() == ack::v1::ACK_TYPE_PROGRESS_ACK) {
    return !ack.has_hold_ms();
  }
  if (ack.ack_type() != ack::v1::ACK_TYPE_EXECUTION_ACK) {
    return false;
  }
  switch (ack.status()) {
    case ack::v1::STATUS_SUCCESS:
      return true;
    case ack::v1::STATUS_IN_PROGRESS:
      return !ack.has_hold_ms();
    case ack::v1::STATUS_FAILURE:
      if (ack.error_code() == ack::v1::ERROR_CODE_CANCELLED) {
        return ack.started();
      }
      return ack.error_code() != ack::v1::ERROR_CODE_INTERRUPTED;
    default:  // open enum
      return false;
  }
}

std::uint64_t SinceFirstSend(const Story& story, const Mark& now) {
  return story.copies_sent.empty() ? 0 : now.at_ms - story.copies_sent.front().at_ms;
}

bool RulesOut(const Story& story, const AckSeen& seen) {
  const Ack& ack = *seen.ack;
  const bool cancelled =
      ack.status() == ack::v1::STATUS_FAILURE && ack.error_code() == ack::v1::ERROR_CODE_CANCELLED;
  if (ack.ack_type() == ack::v1::ACK_TYPE_DELIVERY_ACK) {
    return cancelled && ack.never_forwarded();
  }
  if (ack.ack_type() != ack::v1::ACK_TYPE_EXECUTION_ACK) {
    return false;
  }
  const bool unstarted = ack.status() == ack::v1::STATUS_REJECTED ||
                         (cancelled && ack.has_started() && !ack.started());
  return unstarted && ack.has_memory_ms() && ack.memory_ms() >= SinceFirstSend(story, seen);
}

// What this message names as its work, as its application or its first copy told it.
std::string KeyOf(const Story& story) {
  std::string key;
  if (!story.sends.empty()) {
    key = story.sends.front().act->request.send().idempotency_key();
  } else if (!story.copies_sent.empty()) {
    key = story.copies_sent.front().header->idempotency_key();
  }
  return key.empty() ? story.message_id : key;
}

// No other message that was sent before this exchange brings the same work.
bool HadOwnKey(const Story& story, const Facts& facts, const Mark& proof) {
  if (KeyOf(story) != story.message_id) {
    return false;
  }
  return std::none_of(facts.sent().begin(), facts.sent().end(), [&](const FrameSeen& sent) {
    return sent.exchange < proof.exchange && sent.header != nullptr &&
           sent.header->msg_type() == ack::v1::MSG_TYPE_MESSAGE &&
           sent.header->message_id() != story.message_id &&
           sent.header->idempotency_key() == story.message_id && sent.header->targets_size() == 1 &&
           sent.header->targets(0) == TargetOf(story);
  });
}

// The last attempt sent before this exchange.
std::uint32_t CurrentAt(const Story& story, const Mark& mark) {
  std::uint32_t current = 0;
  for (const FrameSeen& copy : story.copies_sent) {
    if (copy.exchange < mark.exchange) {
      current = copy.header->attempt();
    }
  }
  return current;
}

// CMB-SND-013: each while it was current; later it would be stale.
bool EveryAttemptWasRejected(const Story& story, const Facts& facts, const Mark& now) {
  std::set<std::uint32_t> open;
  const Mark* last = nullptr;
  for (const FrameSeen& copy : story.copies_sent) {
    if (NotAfter(copy, now)) {
      open.insert(copy.header->attempt());
    }
  }
  const bool any_sent = !open.empty();
  for (const AckSeen& seen : story.acks_received) {
    if (NotAfter(seen, now) && Rightful(seen, story, facts) &&
        seen.ack->ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK &&
        seen.ack->status() == ack::v1::STATUS_REJECTED &&
        seen.ack->attempt() == CurrentAt(story, seen)) {
      open.erase(seen.ack->attempt());
      last = &seen;
    }
  }
  return any_sent && open.empty() && HadOwnKey(story, facts, *last);
}

}  // namespace

bool StartWasAttested(const Story& story, const Facts& facts, const Mark& now) {
  return AnyRightful(story, facts, now, [](const AckSeen& a) { return Attests(*a.ack); });
}

bool StartWasRuledOut(const Story& story, const Facts& facts, const Mark& now) {
  // Row 7; that nothing was sent is rule a-refused-message-is-not-sent.
  const bool met_open_circuit = std::any_of(
      story.transitions.begin(), story.transitions.end(), [&](const TransitionSeen& seen) {
        return seen.event->reason() == ack::v1::REASON_CIRCUIT_OPEN &&
               HadOwnKey(story, facts, seen);
      });
  return met_open_circuit || EveryAttemptWasRejected(story, facts, now) ||
         AnyRightful(story, facts, now, [&](const AckSeen& a) {
           return RulesOut(story, a) && HadOwnKey(story, facts, a);
         });
}

const AckSeen* WrongProof(const Story& story, const Facts& facts) {
  for (const AckSeen& seen : story.acks_received) {
    if (Rightful(seen, story, facts) && Attests(*seen.ack)) {
      Mark before;
      before.entry = seen.entry;
      before.at_ms = seen.at_ms;
      return StartWasRuledOut(story, facts, before) ? &seen : nullptr;
    }
  }
  return nullptr;
}

}  // namespace cmb::conformance::oracle
