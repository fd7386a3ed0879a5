// The life of a message: it only shrinks, and nothing moves or starts when it is over.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

std::uint64_t Less(std::uint64_t ttl_ms, std::uint64_t dwell_ms) {
  return ttl_ms < dwell_ms ? 0 : ttl_ms - dwell_ms;
}

// What may remain of the message's life at `now`: by the Send at a sender; at a router and a target
// by the copy that leaves most.
std::uint64_t Remaining(const MessageHistory& message, const Mark& now) {
  std::uint64_t remaining = 0;
  for (const ActSeen& send : message.sends) {
    if (send.exchange <= now.exchange) {
      remaining = Less(send.act->request.send().ttl_ms(), now.at_ms - send.at_ms);
    }
  }
  for (const FrameSeen& copy : Arrivals(message)) {
    if (NotAfter(copy, now)) {
      remaining = std::max(remaining, Less(copy.header->ttl_ms(), now.at_ms - copy.at_ms));
    }
  }
  return remaining;
}

// Shared work lives as long as the longest of its messages.
std::uint64_t RemainingOfWork(const History& history, const MessageHistory& message,
                              const Mark& now) {
  std::uint64_t remaining = 0;
  for (const auto& [id, other] : history.messages()) {
    if (&other == &message || ShareWork(message, other, now)) {
      remaining = std::max(remaining, Remaining(other, now));
    }
  }
  return remaining;
}

// Where nobody has given the router its jitter, a redelivery comes between two instants of the
// case: of what remains of its life at either nothing follows.
bool IsBetweenInstants(const History& history, const MessageHistory& message,
                       const FrameSeen& copy) {
  return history.transcript().header.frames_only &&
         std::any_of(message.copies_sent.begin(), message.copies_sent.end(),
                     [&copy](const FrameSeen& earlier) {
                       return earlier.entry < copy.entry &&
                              earlier.header->source() == copy.header->source() &&
                              earlier.header->attempt() == copy.header->attempt();
                     });
}

void TtlNeverGrows(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const FrameSeen& copy : message.copies_sent) {
      const std::uint64_t most = Remaining(message, copy);
      if (copy.header->ttl_ms() > most && !IsBetweenInstants(history, message, copy)) {
        breaches.push_back({copy.entry, fmt::format("'{}' leaves with a ttl of {} ms, {} ms remain",
                                                    id, copy.header->ttl_ms(), most)});
      }
    }
  }
}

void NothingMovesExpired(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const FrameSeen& copy : message.copies_sent) {
      if (copy.header->ttl_ms() == 0 && !IsBetweenInstants(history, message, copy)) {
        breaches.push_back({copy.entry, fmt::format("'{}' leaves with no life left", id)});
      }
    }
    for (const ExecutionSeen& start : message.executions) {
      if (!message.copies_received.empty() && RemainingOfWork(history, message, start) == 0) {
        breaches.push_back(
            {start.entry, fmt::format("'{}' starts with no life left", id), "CMB-TGT-017"});
      }
    }
  }
}

}  // namespace

std::vector<Rule> LifeRules() {
  using enum ack::v1::Role;
  return {
      {"ttl-never-grows",
       {"CMB-TMR-006"},
       {ROLE_SENDER, ROLE_ROUTER},
       "ttl_ms is what remains: it shrinks by every dwell and never grows.",
       TtlNeverGrows},
      {"nothing-moves-expired",
       {"CMB-TMR-007", "CMB-TGT-017"},
       {ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET},
       "A message without life is neither sent, nor forwarded, nor started.",
       NothingMovesExpired},
  };
}

}  // namespace cmb::conformance::oracle
