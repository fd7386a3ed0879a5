#include "conformance/oracle/evidence.h"

#include <algorithm>
#include <set>

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;

template <typename Predicate>
bool AnyRightful(const MessageHistory& message, const History& history, const Mark& now,
                 Predicate wanted) {
  return std::any_of(message.acks_received.begin(), message.acks_received.end(),
                     [&](const AckSeen& a) {
                       return NotAfter(a, now) && Rightful(a, message, history) && wanted(a);
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

std::uint64_t SinceFirstSend(const MessageHistory& message, const Mark& now) {
  return message.copies_sent.empty() ? 0 : now.at_ms - message.copies_sent.front().at_ms;
}

bool RulesOut(const MessageHistory& message, const AckSeen& seen) {
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
  return unstarted && ack.has_memory_ms() && ack.memory_ms() >= SinceFirstSend(message, seen);
}

// What this message names as its work, as its application or its first copy told it.
std::string KeyOf(const MessageHistory& message) {
  std::string key;
  if (!message.sends.empty()) {
    key = message.sends.front().act->request.send().idempotency_key();
  } else if (!message.copies_sent.empty()) {
    key = message.copies_sent.front().header->idempotency_key();
  }
  return key.empty() ? message.message_id : key;
}

// No other message that was sent before this exchange brings the same work.
bool HadOwnKey(const MessageHistory& message, const History& history, const Mark& proof) {
  if (KeyOf(message) != message.message_id) {
    return false;
  }
  return std::none_of(history.sent().begin(), history.sent().end(), [&](const FrameSeen& sent) {
    return sent.exchange < proof.exchange && sent.header != nullptr &&
           sent.header->msg_type() == ack::v1::MSG_TYPE_MESSAGE &&
           sent.header->message_id() != message.message_id &&
           sent.header->idempotency_key() == message.message_id &&
           sent.header->targets_size() == 1 && sent.header->targets(0) == TargetOf(message);
  });
}

// The last attempt sent before this exchange.
std::uint32_t CurrentAt(const MessageHistory& message, const Mark& mark) {
  std::uint32_t current = 0;
  for (const FrameSeen& copy : message.copies_sent) {
    if (copy.exchange < mark.exchange) {
      current = copy.header->attempt();
    }
  }
  return current;
}

// It was an anomaly: it came in another state than SEND_PENDING.
bool WasCounted(const MessageHistory& message, const AckSeen& ack) {
  return std::any_of(
      message.anomalies.begin(), message.anomalies.end(), [&ack](const AnomalySeen& seen) {
        return seen.exchange == ack.exchange && seen.event->ack_type() == ack.ack->ack_type() &&
               seen.event->status() == ack.ack->status();
      });
}

// CMB-SND-013: each while it was current; later it would be stale.
bool EveryAttemptWasRejected(const MessageHistory& message, const History& history,
                             const Mark& now) {
  std::set<std::uint32_t> open;
  const Mark* last = nullptr;
  for (const FrameSeen& copy : message.copies_sent) {
    if (NotAfter(copy, now)) {
      open.insert(copy.header->attempt());
    }
  }
  const bool any_sent = !open.empty();
  for (const AckSeen& seen : message.acks_received) {
    if (NotAfter(seen, now) && Rightful(seen, message, history) &&
        seen.ack->ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK &&
        seen.ack->status() == ack::v1::STATUS_REJECTED &&
        seen.ack->attempt() == CurrentAt(message, seen) && !WasCounted(message, seen)) {
      open.erase(seen.ack->attempt());
      last = &seen;
    }
  }
  return any_sent && open.empty() && HadOwnKey(message, history, *last);
}

}  // namespace

bool StartWasAttested(const MessageHistory& message, const History& history, const Mark& now) {
  return AnyRightful(message, history, now, [](const AckSeen& a) { return Attests(*a.ack); });
}

bool StartWasRuledOut(const MessageHistory& message, const History& history, const Mark& now) {
  // Row 7; that nothing was sent is rule a-refused-message-is-not-sent.
  const bool met_open_circuit = std::any_of(
      message.transitions.begin(), message.transitions.end(), [&](const TransitionSeen& seen) {
        return seen.event->reason() == ack::v1::REASON_CIRCUIT_OPEN &&
               HadOwnKey(message, history, seen);
      });
  return met_open_circuit || EveryAttemptWasRejected(message, history, now) ||
         AnyRightful(message, history, now, [&](const AckSeen& a) {
           return RulesOut(message, a) && HadOwnKey(message, history, a);
         });
}

const AckSeen* WrongProof(const MessageHistory& message, const History& history) {
  for (const AckSeen& seen : message.acks_received) {
    if (Rightful(seen, message, history) && Attests(*seen.ack)) {
      Mark before;
      before.entry = seen.entry;
      before.at_ms = seen.at_ms;
      return StartWasRuledOut(message, history, before) ? &seen : nullptr;
    }
  }
  return nullptr;
}

}  // namespace cmb::conformance::oracle
