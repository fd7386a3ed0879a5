// Nothing changes without a cause: a frame or an act handled in the same exchange.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "conformance/oracle/change.h"
#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Reason;

template <typename Predicate>
bool HandledNow(const History& history, const MessageHistory& message, const Mark& now,
                Predicate wanted) {
  return std::any_of(
      message.acks_received.begin(), message.acks_received.end(), [&](const AckSeen& a) {
        return a.exchange == now.exchange && Rightful(a, message, history) && wanted(*a.ack);
      });
}

template <typename Seen>
bool AnyIn(const std::vector<Seen>& list, std::uint64_t exchange) {
  return std::any_of(list.begin(), list.end(),
                     [exchange](const Seen& seen) { return seen.exchange == exchange; });
}

// At a target a CANCEL of any message that brought the work, which may have come long before: the
// handler stops when it likes, and a tombstone waits for its message.
bool WasCancelledBefore(const History& history, const MessageHistory& message, const Mark& now) {
  return std::any_of(history.messages().begin(), history.messages().end(), [&](const auto& entry) {
    const MessageHistory& other = entry.second;
    return (&other == &message || ShareWork(message, other, now)) &&
           std::any_of(other.acks_received.begin(), other.acks_received.end(),
                       [&](const AckSeen& a) {
                         return NotAfter(a, now) && Rightful(a, other, history) &&
                                a.ack->ack_type() == ack::v1::ACK_TYPE_CANCEL;
                       });
  });
}

bool HasCancelCause(const History& history, const MessageHistory& message, const Change& change) {
  if (history.role() == ack::v1::ROLE_TARGET) {
    return WasCancelledBefore(history, message, change);
  }
  return AnyIn(message.cancels, change.exchange) ||
         HandledNow(history, message, change, [](const ack::v1::Ack& ack) {
           return ack.ack_type() == ack::v1::ACK_TYPE_CANCEL;
         });
}

// The type of ACK that a reason speaks of. Absent: another kind of cause.
std::optional<ack::v1::AckType> AckOfReason(Reason reason) {
  switch (reason) {
    case ack::v1::REASON_ROUTER_ACK:
      return ack::v1::ACK_TYPE_ROUTER_ACK;
    case ack::v1::REASON_DELIVERY_ACK:
      return ack::v1::ACK_TYPE_DELIVERY_ACK;
    case ack::v1::REASON_EXECUTION_ACK:
      return ack::v1::ACK_TYPE_EXECUTION_ACK;
    case ack::v1::REASON_PROGRESS_ACK:
      return ack::v1::ACK_TYPE_PROGRESS_ACK;
    case ack::v1::REASON_RECEIPT:
      return ack::v1::ACK_TYPE_RECEIPT;
    case ack::v1::REASON_TIMEOUT:
      return ack::v1::ACK_TYPE_TIMEOUT;
    default:  // open enum
      return std::nullopt;
  }
}

// An ACK of the target whose type nobody knows is a RECEIPT to a router (5.8, `type`).
ack::v1::AckType KnownType(const ack::v1::Ack& ack) {
  return ack::v1::AckType_IsValid(ack.ack_type()) && ack.ack_type() != ack::v1::ACK_TYPE_UNSPECIFIED
             ? ack.ack_type()
             : ack::v1::ACK_TYPE_RECEIPT;
}

bool HasCause(const History& history, const MessageHistory& message, const Change& change) {
  if (const auto type = AckOfReason(change.reason)) {
    return HandledNow(history, message, change,
                      [&](const ack::v1::Ack& ack) { return KnownType(ack) == *type; });
  }
  switch (change.reason) {
    case ack::v1::REASON_SEND:
    case ack::v1::REASON_CIRCUIT_OPEN:
      return AnyIn(message.sends, change.exchange);
    case ack::v1::REASON_CANCEL:
      return HasCancelCause(history, message, change);
    case ack::v1::REASON_INTERRUPTED:
      return history.IsRestart(change.exchange);
    case ack::v1::REASON_LATE_EXECUTION_ACK:
      return HandledNow(history, message, change, IsTerminal);
    case ack::v1::REASON_LATE_RECEIPT:  // Any word of the target says that it has the message.
      return HandledNow(history, message, change, [](const ack::v1::Ack& ack) {
        return ack.ack_type() != ack::v1::ACK_TYPE_TIMEOUT &&
               ack.ack_type() != ack::v1::ACK_TYPE_CANCEL;
      });
    case ack::v1::REASON_RESEND:
      return AnyIn(message.copies_received, change.exchange);
    case ack::v1::REASON_HANDLER_STARTED:
      return AnyIn(message.executions, change.exchange);
    default:  // open enum: Timers and the handler's end: judged by other rules.
      return true;
  }
}

void ChangesHaveCauses(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    ForEachChange(history, message, [&, &message = message](const Change& change) {
      if (!HasCause(history, message, change)) {
        breaches.push_back({change.entry, change.text + ": nothing of that kind was handled then"});
      }
    });
  }
}

std::uint32_t HighestAttemptSent(const MessageHistory& message, const Mark& before) {
  std::uint32_t highest = 0;
  for (const FrameSeen& copy : message.copies_sent) {
    if (copy.exchange < before.exchange) {
      highest = std::max(highest, copy.header->attempt());
    }
  }
  return highest;
}

// A re-send and an ACK of one exchange: either may have been first.
bool SentNow(const MessageHistory& message, std::uint32_t attempt, const Mark& now) {
  return std::any_of(message.copies_sent.begin(), message.copies_sent.end(),
                     [&](const FrameSeen& c) {
                       return c.exchange == now.exchange && c.header->attempt() == attempt;
                     });
}

bool IsBadNews(const ack::v1::Ack& ack) {
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
      return ack.status() == ack::v1::STATUS_REJECTED;
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return ack.status() == ack::v1::STATUS_FAILURE;
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
      return ack.status() == ack::v1::STATUS_REJECTED && ack.retryable();
    default:  // open enum
      return ack.ack_type() == ack::v1::ACK_TYPE_TIMEOUT;
  }
}

// A change that every ACK of its exchange that could have caused it is stale bad news for.
void StaleBadNewsChangesNothing(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    ForEachChange(history, message, [&, &message = message](const Change& change) {
      const auto type = AckOfReason(change.reason);
      if (!type) {
        return;
      }
      const std::uint32_t current = HighestAttemptSent(message, change);
      const auto of_type = [&](const ack::v1::Ack& ack) { return ack.ack_type() == *type; };
      const auto counts = [&](const ack::v1::Ack& ack) {
        return of_type(ack) && (!IsBadNews(ack) || ack.attempt() == current ||
                                SentNow(message, ack.attempt(), change));
      };
      if (HandledNow(history, message, change, of_type) &&
          !HandledNow(history, message, change, counts)) {
        breaches.push_back({change.entry, fmt::format("{} by bad news of another attempt than {}",
                                                      change.text, current)});
      }
    });
  }
}

}  // namespace

std::vector<Rule> CauseRules() {
  using enum ack::v1::Role;
  return {
      {"changes-have-causes",
       {"CMB-OBS-013"},
       {ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET},
       "Every change and every retry has its reason in what was handled at that moment.",
       ChangesHaveCauses},
      {"stale-bad-news-changes-nothing",
       {"CMB-LATE-010"},
       {ROLE_SENDER},
       "Bad news for an attempt that is not the current one changes nothing.",
       StaleBadNewsChangesNothing},
  };
}

}  // namespace cmb::conformance::oracle
