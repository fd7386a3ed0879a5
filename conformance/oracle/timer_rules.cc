// Timers run their full time, no less and no more.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "conformance/oracle/change.h"
#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Reason;

// When the phase began whose timer `reason` names. Absent: it never did.
std::optional<std::uint64_t> PhaseBegan(const Story& story, const Change& change) {
  std::optional<std::uint64_t> began;
  const auto consider = [&](const Mark& mark) {
    if (mark.entry < change.entry && (!began || mark.at_ms > *began)) {
      began = mark.at_ms;
    }
  };
  if (change.reason == ack::v1::REASON_ROUTER_ACK_TIMEOUT) {
    std::for_each(story.copies_sent.begin(), story.copies_sent.end(), consider);
    return began;
  }
  for (const TransitionSeen& seen : story.transitions) {
    const auto state = seen.event->new_state();
    const bool delivery = change.reason == ack::v1::REASON_DELIVERY_ACK_TIMEOUT;
    if (delivery ? state == ack::v1::STATE_ROUTED
                 : state == ack::v1::STATE_DELIVERED || state == ack::v1::STATE_EXECUTING) {
      consider(seen);
    }
  }
  if (change.reason == ack::v1::REASON_EXECUTION_TIMEOUT) {
    std::for_each(story.progress.begin(), story.progress.end(), consider);
  }
  return began;
}

std::optional<std::uint64_t> PhaseLength(const Story& story, Reason reason) {
  if (story.sends.empty()) {
    return std::nullopt;
  }
  const PolicyTold told = Told(story.sends.front().act->request.send().policy());
  switch (reason) {
    case ack::v1::REASON_ROUTER_ACK_TIMEOUT:
      return told.router_ack_ms;
    case ack::v1::REASON_DELIVERY_ACK_TIMEOUT:
      return told.delivery_ack_ms;
    case ack::v1::REASON_EXECUTION_TIMEOUT:
      return told.execution_ms;
    default:
      return std::nullopt;
  }
}

bool WasHeld(const Story& story) {
  return std::any_of(story.acks_received.begin(), story.acks_received.end(),
                     [](const AckSeen& a) { return a.ack->hold_ms() > 0; });
}

void TimersRunTheirFullTime(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    ForEachChange(story, [&, &story = story](const Change& change) {
      const auto length = PhaseLength(story, change.reason);
      if (!length) {
        return;
      }
      const auto began = PhaseBegan(story, change);
      const bool exact = began && change.at_ms == *began + *length;
      if (!exact && !(began && WasHeld(story) && change.at_ms > *began + *length)) {
        breaches.push_back(
            {change.entry, began ? fmt::format("{} after {} ms, its timer is {} ms", change.text,
                                               change.at_ms - *began, *length)
                                 : change.text + ": its phase never began"});
      }
    });
  }
}

// Instant at which the life of the message ends, by the earliest word on it. Absent: unknown.
std::optional<std::uint64_t> LifeEnds(const Story& story, const Change& change) {
  std::optional<std::uint64_t> ends;
  for (const ActSeen& send : story.sends) {
    ends = Later(send.at_ms, send.act->request.send().ttl_ms());
  }
  for (const FrameSeen& copy : story.copies_received) {
    const std::uint64_t end = Later(copy.at_ms, copy.header->ttl_ms());
    if (NotAfter(copy, change) && (!ends || end < *ends)) {
      ends = end;
    }
  }
  return ends;
}

void LifeEndsWithItsTtl(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    ForEachChange(story, [&, &story = story](const Change& change) {
      if (change.reason != ack::v1::REASON_TTL_EXPIRED) {
        return;
      }
      const auto ends = LifeEnds(story, change);
      const bool late = facts.role() == ack::v1::ROLE_SENDER && ends && change.at_ms > *ends;
      if (!ends || change.at_ms < *ends || late) {
        breaches.push_back({change.entry, ends ? fmt::format("{} at {} ms, its life ends at {} ms",
                                                             change.text, change.at_ms, *ends)
                                               : change.text + ": it was never here"});
      }
    });
  }
}

}  // namespace

std::vector<Rule> TimerRules() {
  using enum ack::v1::Role;
  return {
      {"timers-run-their-time",
       "CMB-TMR-001",
       {ROLE_SENDER},
       "A phase timer fires when its time is over, not before and not after.",
       TimersRunTheirFullTime},
      {"life-ends-with-its-ttl",
       "CMB-TMR-002",
       {ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET},
       "TTL_EXPIRED comes when the ttl is over.",
       LifeEndsWithItsTtl},
  };
}

}  // namespace cmb::conformance::oracle
