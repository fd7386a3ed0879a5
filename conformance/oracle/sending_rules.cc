// What a sender or a router sends over the whole life of a message: how often, under which
// numbers, and not beyond its end.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

void IdsAreUsedOnce(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (std::size_t i = 1; i < message.sends.size(); ++i) {
      breaches.push_back(
          {message.sends[i].entry, fmt::format("'{}' names a second message", id),
           message.sends[i].life == message.sends[0].life ? "CMB-SND-002" : "CMB-DUR-011"});
    }
  }
}

void AttemptsWithinBudget(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    if (message.sends.empty()) {
      continue;
    }
    const PolicyTold policy = Told(message.sends.front().act->request.send().policy());
    const std::uint64_t most = 1 + std::uint64_t{policy.max_retries};
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
    std::uint32_t expected = 0;
    for (const FrameSeen& copy : message.copies_sent) {
      ++expected;
      if (copy.header->attempt() != expected) {
        breaches.push_back(
            {copy.entry, fmt::format("'{}' is sent as attempt {} where {} is expected", id,
                                     copy.header->attempt(), expected)});
        expected = copy.header->attempt();
      }
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

// Forwards of one attempt within one phase, `last` being the last of them.
std::int64_t ForwardsUpTo(const FrameSeen& last, const MessageHistory& message,
                          const History& history) {
  const std::uint64_t phase_ms = Told(last.header->policy()).delivery_ack_ms * 9 / 10;
  const bool is_durable = history.profile() == ack::v1::PROFILE_DURABLE;
  return std::count_if(
      message.copies_sent.begin(), message.copies_sent.end(), [&](const FrameSeen& copy) {
        return copy.entry <= last.entry && copy.header->attempt() == last.header->attempt() &&
               copy.header->source() == last.header->source() &&
               copy.at_ms + phase_ms >= last.at_ms && (is_durable || copy.life == last.life);
      });
}

void ForwardsWithinTheirNumber(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const FrameSeen& copy : message.copies_sent) {
      const std::int64_t forwards = ForwardsUpTo(copy, message, history);
      if (forwards > history.max_deliveries()) {
        breaches.push_back({copy.entry, fmt::format("forward {} of '{}' in one phase, at most {}",
                                                    forwards, id, history.max_deliveries())});
      }
    }
  }
}

}  // namespace

std::vector<Rule> SendingRules() {
  using enum ack::v1::Role;
  return {
      {"ids-are-used-once",
       {"CMB-SND-002", "CMB-DUR-011"},
       {ROLE_SENDER},
       "A message_id names one message, over every restart.",
       IdsAreUsedOnce},
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
      {"nothing-sent-after-the-end",
       {"CMB-SND-019"},
       {ROLE_SENDER},
       "A message that has ended is not sent again.",
       NothingIsSentAfterTheEnd},
      {"forwards-within-their-number",
       {"CMB-RTR-035"},
       {ROLE_ROUTER},
       "An attempt is forwarded at most max_deliveries times in its phase.",
       ForwardsWithinTheirNumber},
  };
}

}  // namespace cmb::conformance::oracle
