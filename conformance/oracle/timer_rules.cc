// Timers run their full time, no less and no more.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/oracle/change.h"
#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Reason;

// When the phase began whose timer `reason` names. Absent: it never did.
std::optional<std::uint64_t> PhaseBegan(const MessageHistory& message, const Change& change) {
  std::optional<std::uint64_t> began;
  // No phase is 0 ms long, so that what shares the exchange came after; a re-send without backoff
  // does, for example.
  const auto consider = [&](const Mark& mark) {
    if (mark.exchange < change.exchange && (!began || mark.at_ms > *began)) {
      began = mark.at_ms;
    }
  };
  if (change.reason == ack::v1::REASON_ROUTER_ACK_TIMEOUT) {
    std::for_each(message.copies_sent.begin(), message.copies_sent.end(), consider);
    return began;
  }
  for (const TransitionSeen& seen : message.transitions) {
    const auto state = seen.event->new_state();
    const bool delivery = change.reason == ack::v1::REASON_DELIVERY_ACK_TIMEOUT;
    if (delivery ? state == ack::v1::STATE_ROUTED
                 : state == ack::v1::STATE_DELIVERED || state == ack::v1::STATE_EXECUTING) {
      consider(seen);
    }
  }
  if (change.reason == ack::v1::REASON_EXECUTION_TIMEOUT) {
    std::for_each(message.progress.begin(), message.progress.end(), consider);
  }
  return began;
}

std::optional<std::uint64_t> PhaseLength(const MessageHistory& message, Reason reason) {
  if (message.sends.empty()) {
    return std::nullopt;
  }
  const PolicyTold told = Told(message.sends.front().act->request.send().policy());
  switch (reason) {
    case ack::v1::REASON_ROUTER_ACK_TIMEOUT:
      return told.router_ack_ms;
    case ack::v1::REASON_DELIVERY_ACK_TIMEOUT:
      return told.delivery_ack_ms;
    case ack::v1::REASON_EXECUTION_TIMEOUT:
      return told.execution_ms;
    default:  // open enum
      return std::nullopt;
  }
}

bool WasHeld(const MessageHistory& message) {
  return std::any_of(message.acks_received.begin(), message.acks_received.end(),
                     [](const AckSeen& a) { return a.ack->hold_ms() > 0; });
}

void TimersRunTheirFullTime(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    ForEachChange(history, message, [&, &message = message](const Change& change) {
      const auto length = PhaseLength(message, change.reason);
      if (!length) {
        return;
      }
      const auto began = PhaseBegan(message, change);
      const bool exact = began && history.IsDueAt(*began + *length, change.at_ms);
      if (!exact && !(began && WasHeld(message) && change.at_ms > *began + *length)) {
        breaches.push_back(
            {change.entry, began ? fmt::format("{} after {} ms, its timer is {} ms", change.text,
                                               change.at_ms - *began, *length)
                                 : change.text + ": its phase never began"});
      }
    });
  }
}

// Instants at which the life of the message may end: by its Send, or by each copy that came.
std::vector<std::uint64_t> LifeEnds(const MessageHistory& message, const Mark& change) {
  std::vector<std::uint64_t> ends;
  for (const ActSeen& send : message.sends) {
    ends.push_back(Later(send.at_ms, send.act->request.send().ttl_ms()));
  }
  for (const FrameSeen& copy : Arrivals(message)) {
    if (NotAfter(copy, change)) {
      ends.push_back(Later(copy.at_ms, copy.header->ttl_ms()));
    }
  }
  return ends;
}

std::string_view LifeRequirement(ack::v1::Role role) {
  switch (role) {
    case ack::v1::ROLE_ROUTER:
      return "CMB-RTR-013";
    case ack::v1::ROLE_TARGET:
      return "CMB-TGT-007";
    default:  // open enum
      return "CMB-TMR-004";
  }
}

// At a target shared work lives as long as the longest of its messages (CMB-TGT-013).
std::vector<std::uint64_t> LifeEndsOfWork(const History& history, const MessageHistory& message,
                                          const Mark& change) {
  std::vector<std::uint64_t> ends = LifeEnds(message, change);
  for (const auto& [id, other] : history.messages()) {
    if (history.role() == ack::v1::ROLE_TARGET && &other != &message &&
        ShareWork(message, other, change)) {
      const auto more = LifeEnds(other, change);
      ends.insert(ends.end(), more.begin(), more.end());
    }
  }
  return ends;
}

void LifeEndsWithItsTtl(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    ForEachChange(history, message, [&, &message = message](const Change& change) {
      if (change.reason != ack::v1::REASON_TTL_EXPIRED) {
        return;
      }
      const auto ends = LifeEndsOfWork(history, message, change);
      if (std::none_of(ends.begin(), ends.end(),
                       [&](std::uint64_t end) { return history.IsDueAt(end, change.at_ms); })) {
        breaches.push_back({change.entry,
                            fmt::format("{} at {} ms, its life ends at {} ms", change.text,
                                        change.at_ms, fmt::join(ends, " or ")),
                            LifeRequirement(history.role())});
      }
    });
  }
}

// The first ROUTER_ACK/SUCCESS of the attempt. Null: none was sent.
const AckSeen* Accepted(const MessageHistory& message, std::uint32_t attempt) {
  for (const AckSeen& seen : message.acks_sent) {
    if (seen.ack->ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK &&
        seen.ack->status() == ack::v1::STATUS_SUCCESS && seen.ack->attempt() == attempt) {
      return &seen;
    }
  }
  return nullptr;
}

std::string WrongEndOfPhase(const MessageHistory& message, const History& history,
                            const AckSeen& timeout) {
  const AckSeen* accepted = Accepted(message, timeout.ack->attempt());
  if (accepted == nullptr) {
    return "it never accepted that attempt";
  }
  const auto copy = std::find_if(
      message.copies_received.begin(), message.copies_received.end(),
      [&](const FrameSeen& seen) { return seen.header->attempt() == timeout.ack->attempt(); });
  const auto& policy =
      (copy == message.copies_received.end() ? message.copies_received.front() : *copy)
          .header->policy();
  const std::uint64_t end = accepted->at_ms + Told(policy).delivery_ack_ms * 9 / 10;
  return history.IsDueAt(end, timeout.at_ms)
             ? ""
             : fmt::format("at {} ms, the phase ends at {} ms", timeout.at_ms, end);
}

void PhaseEndsOnTime(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (seen.ack->ack_type() != ack::v1::ACK_TYPE_TIMEOUT || message.copies_received.empty() ||
          seen.ack->error_code() != ack::v1::ERROR_CODE_ACK_TIMEOUT) {
        continue;
      }
      const std::string wrong = WrongEndOfPhase(message, history, seen);
      if (!wrong.empty()) {
        breaches.push_back({seen.entry, fmt::format("TIMEOUT of '{}': {}", id, wrong)});
      }
    }
  }
}

// Forwards of one attempt within one phase, `last` being the last of them.
std::int64_t ForwardsUpTo(const FrameSeen& last, const MessageHistory& message,
                          const History& history) {
  const std::uint64_t phase_ms = Told(last.header->policy()).delivery_ack_ms * 9 / 10;
  const bool is_durable = history.profile() >= ack::v1::PROFILE_DURABLE;
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

std::vector<Rule> TimerRules() {
  using enum ack::v1::Role;
  return {
      {"timers-run-their-time",
       {"CMB-TMR-003"},
       {ROLE_SENDER},
       "A phase timer fires when its time is over, not before and not after.",
       TimersRunTheirFullTime},
      {"life-ends-with-its-ttl",
       {"CMB-TMR-004", "CMB-RTR-013", "CMB-TGT-007"},
       {ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET},
       "TTL_EXPIRED comes when the ttl is over.",
       LifeEndsWithItsTtl},
      {"phase-ends-on-time",
       {"CMB-RTR-012"},
       {ROLE_ROUTER},
       "The router's TIMEOUT comes 0.9 delivery_ack after its ROUTER_ACK.",
       PhaseEndsOnTime},
      {"forwards-within-their-number",
       {"CMB-RTR-035"},
       {ROLE_ROUTER},
       "An attempt is forwarded at most max_deliveries times in its phase.",
       ForwardsWithinTheirNumber},
  };
}

}  // namespace cmb::conformance::oracle
