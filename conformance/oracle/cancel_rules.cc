// Cancelling: who says CANCEL and when, and that nobody who answers claims more than he knows.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "conformance/oracle/records.h"
#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::State;

template <typename Seen, typename Predicate>
bool Any(const std::vector<Seen>& list, Predicate wanted) {
  return std::any_of(list.begin(), list.end(), wanted);
}

// Whether some message that brought the same work makes `wanted` true.
template <typename Predicate>
bool AnyOfTheWork(const History& history, const MessageHistory& message, const Mark& now,
                  Predicate wanted) {
  return std::any_of(history.messages().begin(), history.messages().end(), [&](const auto& entry) {
    const MessageHistory& other = entry.second;
    return (&other == &message || ShareWork(message, other, now)) && wanted(other);
  });
}

// ---------------------------------------------------------------- target

bool IsEnd(State state) {
  return state == ack::v1::STATE_SUCCEEDED || state == ack::v1::STATE_FAILED ||
         state == ack::v1::STATE_REJECTED || state == ack::v1::STATE_CANCELLED;
}

bool WasAsked(const History& history, const MessageHistory& message, const AckSeen& answer) {
  const auto now = [&](const Mark& mark) { return mark.exchange == answer.exchange; };
  const bool ended = AnyOfTheWork(history, message, answer, [&](const MessageHistory& other) {
    return Any(other.transitions, [&](const TransitionSeen& seen) {
      return now(seen) && IsEnd(seen.event->new_state());
    });
  });
  return ended || history.IsRestart(answer.exchange) || Any(message.copies_received, now) ||
         Any(message.acks_received, [&](const AckSeen& a) {
           return now(a) && a.ack->ack_type() == ack::v1::ACK_TYPE_CANCEL;
         });
}

void TheEndIsSaidWhenItIsAskedFor(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (IsTerminal(*seen.ack) && !WasAsked(history, message, seen)) {
        breaches.push_back({seen.entry, fmt::format("{} of '{}': it did not end now, and neither "
                                                    "a copy nor a CANCEL asks",
                                                    Words(*seen.ack), id)});
      }
    }
  }
}

}  // namespace

std::vector<Rule> CancelRules() {
  using enum ack::v1::Role;
  return {
      {"the-end-is-said-when-asked",
       {"CMB-WIRE-019"},
       {ROLE_TARGET},
       "A terminal ACK is sent when the work ends, to a copy, to a CANCEL, or at a restart.",
       TheEndIsSaidWhenItIsAskedFor},
  };
}

}  // namespace cmb::conformance::oracle
