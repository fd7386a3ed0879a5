// Retries: how many, numbered how, after what wait, and for what.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

constexpr double kLeastJitter = 0.5;
constexpr double kMostJitter = 1.5;
constexpr double kRoundingMs = 0.5000001;  // To the nearest millisecond, either way at the half.

// The policy of the message: as it was told to a sender, or as it travels.
PolicyTold PolicyOf(const MessageHistory& message) {
  if (!message.sends.empty()) {
    return Told(message.sends.front().act->request.send().policy());
  }
  const std::vector<FrameSeen> arrivals = Arrivals(message);
  return Told(arrivals.empty() ? ack::v1::DeliveryPolicy() : arrivals.front().header->policy());
}

void AttemptsWithinBudget(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    if (message.sends.empty()) {
      continue;
    }
    const std::uint64_t most = 1 + std::uint64_t{PolicyOf(message).max_retries};
    std::uint64_t sent = 0;
    for (const FrameSeen& copy : message.copies_sent) {
      if (++sent > most || copy.header->attempt() > most) {
        breaches.push_back({copy.entry, fmt::format("'{}' is sent as attempt {}, {} times in all; "
                                                    "its budget is {}",
                                                    id, copy.header->attempt(), sent, most)});
      }
    }
  }
}

void AttemptsCountFromOne(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    std::uint32_t due = 0;
    for (const FrameSeen& copy : message.copies_sent) {
      ++due;
      if (copy.header->attempt() != due) {
        breaches.push_back(
            {copy.entry, fmt::format("'{}' is sent as attempt {} where {} is expected", id,
                                     copy.header->attempt(), due)});
        due = copy.header->attempt();
      }
    }
  }
}

const RetrySeen* RetryFor(const MessageHistory& message, const FrameSeen& copy) {
  const RetrySeen* found = nullptr;
  for (const RetrySeen& retry : message.retries) {
    if (retry.event->attempt() == copy.header->attempt() && NotAfter(retry, copy)) {
      found = &retry;
    }
  }
  return found;
}

bool IsGoodNews(ack::v1::State state) {
  return state == ack::v1::STATE_ROUTED || state == ack::v1::STATE_DELIVERED ||
         state == ack::v1::STATE_EXECUTING;
}

// The change that should have ended the wait between `retry` and `copy`. Null: none.
const TransitionSeen* EndOfWait(const MessageHistory& message, const RetrySeen& retry,
                                const FrameSeen& copy) {
  for (const TransitionSeen& seen : message.transitions) {
    if (seen.entry > retry.entry && seen.exchange < copy.exchange &&
        IsGoodNews(seen.event->new_state())) {
      return &seen;
    }
  }
  return nullptr;
}

void ResendsFollowRetries(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const FrameSeen& copy : message.copies_sent) {
      if (copy.header->attempt() < 2) {
        continue;
      }
      const RetrySeen* retry = RetryFor(message, copy);
      if (retry == nullptr) {
        breaches.push_back({copy.entry, fmt::format("attempt {} of '{}' is sent without a retry",
                                                    copy.header->attempt(), id)});
      } else if (const auto* end = EndOfWait(message, *retry, copy)) {
        breaches.push_back(
            {copy.entry,
             fmt::format("attempt {} of '{}' is sent although it had gone to {}",
                         copy.header->attempt(), id, wire::Word(end->event->new_state())),
             "CMB-RTY-007"});
      }
    }
  }
}

// Good news between two retries ended the wait of the first.
bool WaitHadEnded(const MessageHistory& message, const Mark& first, const Mark& second) {
  return std::any_of(message.transitions.begin(), message.transitions.end(), [&](const auto& seen) {
    return seen.entry > first.entry && seen.entry < second.entry &&
           IsGoodNews(seen.event->new_state());
  });
}

void OneRetryForOneAttempt(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    const RetrySeen* last = nullptr;
    for (const RetrySeen& retry : message.retries) {
      const std::uint32_t attempt = retry.event->attempt();
      const std::uint32_t before = last == nullptr ? 0 : last->event->attempt();
      if (last != nullptr &&
          (attempt < before || (attempt == before && !WaitHadEnded(message, *last, retry)))) {
        breaches.push_back({retry.entry, fmt::format("a retry of '{}' to attempt {} after one to "
                                                     "attempt {}",
                                                     id, attempt, before)});
      }
      last = &retry;
    }
  }
}

void WaitIsAsLongAsSaid(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const FrameSeen& copy : message.copies_sent) {
      const RetrySeen* retry = copy.header->attempt() < 2 ? nullptr : RetryFor(message, copy);
      if (retry != nullptr &&
          !history.IsDueAt(Later(retry->at_ms, retry->event->backoff_ms()), copy.at_ms)) {
        breaches.push_back(
            {copy.entry, fmt::format("attempt {} of '{}' is sent {} ms after its retry of {} ms",
                                     copy.header->attempt(), id, copy.at_ms - retry->at_ms,
                                     retry->event->backoff_ms())});
      }
    }
  }
}

// The numbers, from 1, that the wait may have among the waits of its message. A router's retry says
// how many forwards there were, which a re-send counts anew while the backoff goes on.
std::pair<std::uint64_t, std::uint64_t> NumbersOf(const RetrySeen& retry,
                                                  const MessageHistory& message,
                                                  ack::v1::Role role) {
  if (role == ack::v1::ROLE_ROUTER) {
    const std::uint64_t least = std::max<std::uint64_t>(retry.event->delivery_count(), 2) - 1;
    return {least, std::max<std::uint64_t>(
                       least, message.copies_received.size() > 1 ? message.retries.size() : least)};
  }
  const std::uint64_t number = std::max<std::uint64_t>(retry.event->attempt(), 2) - 1;
  return {number, number};
}

// Bounds of the jitter factor of the wait number `index` (from 0) of this case.
std::pair<double, double> Factors(const History& history, std::size_t index) {
  const auto& listed = history.transcript().header.settings.jitter_factors();
  if (listed.empty()) {
    return {kLeastJitter, kMostJitter};
  }
  if (history.role() == ack::v1::ROLE_ROUTER) {  // Which wait drew first is not told.
    return {*std::min_element(listed.begin(), listed.end()),
            *std::max_element(listed.begin(), listed.end())};
  }
  const double factor =
      listed[static_cast<int>(std::min(index, static_cast<std::size_t>(listed.size()) - 1))];
  return {factor, factor};
}

// The wait before its jitter, at least and at most: each copy may bring a router another policy.
std::pair<double, double> Bases(const MessageHistory& message, std::uint64_t first,
                                std::uint64_t last) {
  double shortest = BackoffBase(PolicyOf(message), first);
  double longest = BackoffBase(PolicyOf(message), last);
  for (const FrameSeen& copy : Arrivals(message)) {
    shortest = std::min(shortest, BackoffBase(Told(copy.header->policy()), first));
    longest = std::max(longest, BackoffBase(Told(copy.header->policy()), last));
  }
  return {shortest, longest};
}

void BackoffWithinBounds(const History& history, Breaches& breaches) {
  std::size_t index = 0, life = 0;
  for (const RetrySeen& retry : history.retries()) {
    index = retry.life == life ? index : 0;  // A new process begins the list again.
    life = retry.life;
    const MessageHistory& message = history.messages().at(retry.event->message_id());
    const auto [first, last] = NumbersOf(retry, message, history.role());
    const auto [least, most] = Factors(history, index++);
    const auto [base, longest_base] = Bases(message, first, last);
    const double shortest = base * least;
    const double longest = longest_base * most;
    const auto wait = static_cast<double>(retry.event->backoff_ms());
    if (wait < shortest - kRoundingMs || wait > longest + kRoundingMs) {
      breaches.push_back(
          {retry.entry, fmt::format("'{}' waits {} ms, {} to {} ms are expected",
                                    retry.event->message_id(), wait, shortest, longest)});
    }
  }
}

bool IsTerminalState(ack::v1::State state) {
  return state == ack::v1::STATE_COMPLETED_SUCCESS || state == ack::v1::STATE_COMPLETED_FAILURE ||
         state == ack::v1::STATE_TIMEOUT_ABORT;
}

void NothingIsSentAfterTheEnd(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    const auto end = std::find_if(
        message.transitions.begin(), message.transitions.end(),
        [](const TransitionSeen& seen) { return IsTerminalState(seen.event->new_state()); });
    for (const FrameSeen& copy : message.copies_sent) {
      if (end != message.transitions.end() && copy.exchange > end->exchange) {
        breaches.push_back({copy.entry, fmt::format("'{}' is sent after it went to {}", id,
                                                    wire::Word(end->event->new_state()))});
      }
    }
  }
}

}  // namespace

std::vector<Rule> RetryRules() {
  using enum ack::v1::Role;
  return {
      {"attempts-within-budget",
       {"CMB-RTY-004"},
       {ROLE_SENDER},
       "A message is sent at most 1 + max_retries times.",
       AttemptsWithinBudget},
      {"attempts-count-from-one",
       {"CMB-SND-021"},
       {ROLE_SENDER},
       "Attempts are numbered from 1, each send one higher.",
       AttemptsCountFromOne},
      {"resends-follow-retries",
       {"CMB-RTY-001", "CMB-RTY-007"},
       {ROLE_SENDER},
       "A re-send follows a retry whose wait nothing has ended.",
       ResendsFollowRetries},
      {"one-retry-per-attempt",
       {"CMB-RTY-006"},
       {ROLE_SENDER},
       "While a retry waits there is no second one.",
       OneRetryForOneAttempt},
      {"wait-is-as-said",
       {"CMB-RTY-005"},
       {ROLE_SENDER},
       "A re-send goes out when the backoff that its retry named is over.",
       WaitIsAsLongAsSaid},
      {"backoff-within-bounds",
       {"CMB-RTY-008"},
       {ROLE_SENDER, ROLE_ROUTER},
       "A backoff is min(max, first · factor^(n-1)) times its jitter factor.",
       BackoffWithinBounds},
      {"nothing-sent-after-the-end",
       {"CMB-SND-019"},
       {ROLE_SENDER},
       "A message that has ended is not sent again.",
       NothingIsSentAfterTheEnd},
  };
}

}  // namespace cmb::conformance::oracle
