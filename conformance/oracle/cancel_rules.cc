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

bool IsCancelOf(const AckSeen& seen, const MessageHistory& message, const History& history) {
  return seen.ack->ack_type() == ack::v1::ACK_TYPE_CANCEL && Rightful(seen, message, history);
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

// ---------------------------------------------------------------- router

std::string WhyForwarded(const MessageHistory& message, const AckSeen& claim) {
  if (!message.copies_sent.empty() && NotAfter(message.copies_sent.front(), claim)) {
    return fmt::format("attempt {} was forwarded", message.copies_sent.front().header->attempt());
  }
  for (std::uint32_t attempt = 1; attempt <= claim.ack->attempt(); ++attempt) {
    const bool refused = Any(message.acks_sent, [&](const AckSeen& seen) {
      return seen.entry < claim.entry && seen.ack->attempt() == attempt &&
             seen.ack->ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK &&
             seen.ack->status() == ack::v1::STATUS_REJECTED;
    });
    if (!refused) {
      return fmt::format("attempt {} was not refused", attempt);
    }
  }
  return "";
}

void NeverForwardedIsTrue(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      const std::string wrong = seen.ack->never_forwarded() ? WhyForwarded(message, seen) : "";
      if (!wrong.empty()) {
        breaches.push_back({seen.entry, fmt::format("'{}' is called never forwarded up to {}: {}",
                                                    id, seen.ack->attempt(), wrong)});
      }
    }
  }
}

// ---------------------------------------------------------------- target

bool HadStarted(const History& history, const MessageHistory& message, const Mark& now) {
  const Records records(history);
  const MessageName record = records.Of({SourceOf(message, history), message.message_id}, now);
  return Any(history.executions(), [&](const ExecutionSeen& seen) {
    return NotAfter(seen, now) &&
           records.Of({seen.event->source(), seen.event->message_id()}, seen) == record;
  });
}

// The first answer of a work says it; copies repeat it, which rule answer-never-changes checks.
bool IsFirst(const MessageHistory& message, const AckSeen& answer) {
  return !Any(message.acks_sent, [&](const AckSeen& seen) {
    return seen.exchange < answer.exchange && IsCancelled(*seen.ack);
  });
}

// Another message_id of the work was answered before this one came.
bool RepeatsAnother(const History& history, const MessageHistory& message, const AckSeen& answer) {
  return AnyOfTheWork(history, message, answer, [&](const MessageHistory& other) {
    return Any(other.acks_sent, [&](const AckSeen& seen) {
      return seen.exchange < answer.exchange && IsCancelled(*seen.ack);
    });
  });
}

std::string WrongMemory(const History& history, const AckSeen& answer) {
  const std::uint64_t due = answer.at_ms - history.MemoryBegan(answer);
  if (!answer.ack->has_memory_ms()) {
    return "no memory_ms";
  }
  return answer.ack->memory_ms() == due
             ? ""
             : fmt::format("memory_ms {}, it reaches {}", answer.ack->memory_ms(), due);
}

std::string WrongClaim(const History& history, const MessageHistory& message,
                       const AckSeen& answer) {
  if (!answer.ack->has_started()) {
    return "no started";
  }
  if (answer.ack->started() != HadStarted(history, message, answer)) {
    return answer.ack->started() ? "started, and it had not" : "not started, and it had";
  }
  return IsFirst(message, answer) && !RepeatsAnother(history, message, answer)
             ? WrongMemory(history, answer)
             : "";
}

bool HasReason(const History& history, const MessageHistory& message, const AckSeen& answer) {
  return AnyOfTheWork(history, message, answer, [&](const MessageHistory& other) {
    return Any(other.acks_received, [&](const AckSeen& a) {
      return NotAfter(a, answer) && IsCancelOf(a, other, history);
    });
  });
}

void CancelledAnswersTellWhatTheyKnow(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (!IsCancelled(*seen.ack)) {
        continue;
      }
      if (!HasReason(history, message, seen)) {
        breaches.push_back({seen.entry,
                            fmt::format("'{}' is called cancelled, and no CANCEL came", id),
                            "CMB-WIRE-019"});
        continue;
      }
      const std::string wrong = WrongClaim(history, message, seen);
      if (!wrong.empty()) {
        breaches.push_back({seen.entry, fmt::format("FAILURE CANCELLED of '{}': {}", id, wrong)});
      }
    }
  }
}

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
         Any(message.acks_received,
             [&](const AckSeen& a) { return now(a) && IsCancelOf(a, message, history); });
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

bool WasRefusedRetryably(const History& history, const MessageHistory& message, const Mark& now) {
  return AnyOfTheWork(history, message, now, [&](const MessageHistory& other) {
    return Any(other.acks_sent, [&](const AckSeen& seen) {
      return seen.exchange < now.exchange && seen.ack->status() == ack::v1::STATUS_REJECTED &&
             IsTerminal(*seen.ack) && seen.ack->retryable();
    });
  });
}

void ARefusalForGoodStands(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const TransitionSeen& seen : message.transitions) {
      if (seen.event->old_state() == ack::v1::STATE_REJECTED &&
          !WasRefusedRetryably(history, message, seen)) {
        breaches.push_back(
            {seen.entry,
             fmt::format("'{}' was refused for good and goes to {}", id,
                         wire::Word(seen.event->new_state())),
             seen.event->new_state() == ack::v1::STATE_CANCELLED ? "CMB-CXL-009" : "CMB-TGT-010"});
      }
    }
  }
}

}  // namespace

std::vector<Rule> CancelRules() {
  using enum ack::v1::Role;
  return {
      {"never-forwarded-is-true",
       {"CMB-CXL-005"},
       {ROLE_ROUTER},
       "never_forwarded is said of a message only whose every attempt was refused.",
       NeverForwardedIsTrue},
      {"cancelled-answers-tell-what-they-know",
       {"CMB-CXL-011", "CMB-WIRE-019"},
       {ROLE_TARGET},
       "FAILURE CANCELLED follows a CANCEL, and says truly whether the work started and how far "
       "the "
       "record reaches.",
       CancelledAnswersTellWhatTheyKnow},
      {"the-end-is-said-when-asked",
       {"CMB-WIRE-019"},
       {ROLE_TARGET},
       "A terminal ACK is sent when the work ends, to a copy, to a CANCEL, or at a restart.",
       TheEndIsSaidWhenItIsAskedFor},
      {"a-refusal-for-good-stands",
       {"CMB-TGT-010", "CMB-CXL-009"},
       {ROLE_TARGET},
       "Work leaves REJECTED only if the refusal was retryable.",
       ARefusalForGoodStands},
  };
}

}  // namespace cmb::conformance::oracle
