// Start, progress and hold: said of work that is so, in rising numbers, by who declares them.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

std::ptrdiff_t CopiesIn(const MessageHistory& message, std::uint64_t exchange) {
  return std::count_if(message.copies_received.begin(), message.copies_received.end(),
                       [exchange](const FrameSeen& copy) { return copy.exchange == exchange; });
}

bool WasReopened(const MessageHistory& message) {
  return std::any_of(
      message.transitions.begin(), message.transitions.end(),
      [](const TransitionSeen& seen) { return seen.event->reason() == ack::v1::REASON_RESEND; });
}

// The first one that a message_id hears is that which is current; from there on each is one higher,
// unless a copy is answered with the last one.
std::string WrongNumber(std::uint64_t number, std::uint64_t highest, bool answers) {
  if (number == 0) {
    return "which is no number";
  }
  if (answers && number == highest) {
    return "";
  }
  return highest == 0 || number == highest + 1 ? "" : fmt::format("after {}", highest);
}

void ProgressRises(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    std::uint64_t highest = 0;
    for (const AckSeen& seen : message.acks_sent) {
      if (seen.ack->status() != ack::v1::STATUS_IN_PROGRESS) {
        continue;
      }
      const std::uint64_t number = seen.ack->progress_number();
      const std::string wrong = WrongNumber(number, highest, CopiesIn(message, seen.exchange) > 0);
      if (!wrong.empty()) {
        breaches.push_back({seen.entry, fmt::format("{} number {} of '{}', {}", Words(*seen.ack),
                                                    number, id, wrong)});
      }
      highest = std::max(highest, number);
    }
  }
}

// In the row of a work: the attempt decides first.
using Place = std::pair<std::uint32_t, std::uint64_t>;

// Of the ACKs that the event may tell of, lowest first.
std::set<Place> PlacesOf(const ProgressSeen& told, const MessageHistory& message) {
  std::set<Place> places;
  for (const AckSeen& seen : message.acks_received) {
    if (seen.exchange == told.exchange && seen.ack->status() == ack::v1::STATUS_IN_PROGRESS &&
        seen.ack->progress_number() == told.event->progress_number()) {
      places.emplace(seen.ack->attempt(), seen.ack->progress_number());
    }
  }
  return places;
}

// That an event tells of no ACK at all is rule progress-is-told's.
void ProgressThatCountsRises(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    Place highest{0, 0};
    for (const ProgressSeen& seen : message.progress) {
      const std::set<Place> places = PlacesOf(seen, message);
      const auto above = places.upper_bound(highest);
      if (!places.empty() && above == places.end()) {
        breaches.push_back({seen.entry, fmt::format("progress {} of '{}' counts after {} of "
                                                    "attempt {}",
                                                    seen.event->progress_number(), id,
                                                    highest.second, highest.first)});
      }
      highest = above == places.end() ? highest : *above;
    }
  }
}

bool SaysStart(const ack::v1::Ack& ack) {
  return ack.ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK &&
         ack.status() == ack::v1::STATUS_IN_PROGRESS && !ack.has_hold_ms();
}

// Its work starts in the exchange: what is said then is said of the start, copy or no copy.
bool StartsIn(const History& history, const MessageHistory& message, const Mark& now) {
  const std::vector<Work> works = WorksOf(message, now);
  return std::any_of(
      history.executions().begin(), history.executions().end(), [&](const ExecutionSeen& seen) {
        return seen.exchange == now.exchange &&
               std::find(works.begin(), works.end(), WorkOf(*seen.event)) != works.end();
      });
}

// A resumable handler says it again in each life of the process.
void StartIsSaidOnce(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    std::size_t life = 0;
    std::size_t said = 0;
    for (const AckSeen& seen : message.acks_sent) {
      const auto copies = CopiesIn(message, seen.exchange);
      const bool answers = copies > (StartsIn(history, message, seen) ? 1 : 0);
      if (!SaysStart(*seen.ack) || answers) {
        continue;
      }
      said = seen.life == life ? said + 1 : 1;
      life = seen.life;
      if (said > 1 && !WasReopened(message)) {
        breaches.push_back({seen.entry, fmt::format("IN_PROGRESS of '{}' once more", id)});
      }
    }
  }
}

bool HadStarted(const History& history, const MessageHistory& message, const Mark& now) {
  const std::vector<Work> works = WorksOf(message, now);
  return std::any_of(
      history.executions().begin(), history.executions().end(), [&](const ExecutionSeen& seen) {
        const MessageHistory& starter = history.messages().at(seen.event->message_id());
        return seen.exchange < now.exchange && now.at_ms <= LifeEnd(starter, history, now) &&
               std::find(works.begin(), works.end(), WorkOf(*seen.event)) != works.end();
      });
}

void HoldIsOfWorkThatWaits(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (!seen.ack->has_hold_ms()) {
        continue;
      }
      if (!history.Declares(ack::v1::FEATURE_CONDITIONAL_ACK)) {
        breaches.push_back({seen.entry, fmt::format("'{}' is held, which is not declared", id)});
      } else if (HadStarted(history, message, seen) && !WasReopened(message)) {
        breaches.push_back({seen.entry, fmt::format("'{}' is held and had started", id)});
      }
    }
  }
}

}  // namespace

std::vector<Rule> ProgressRules() {
  using enum ack::v1::Role;
  return {
      {"progress-rises",
       {"CMB-PRG-010"},
       {ROLE_TARGET},
       "IN_PROGRESS and the PROGRESS_ACKs of a work are numbered one after another.",
       ProgressRises},
      {"start-is-said-once",
       {"CMB-PRG-004"},
       {ROLE_TARGET},
       "IN_PROGRESS is said once to each message_id, and else in answer to a copy.",
       StartIsSaidOnce},
      {"hold-is-of-work-that-waits",
       {"CMB-PRG-007"},
       {ROLE_TARGET},
       "Work is held before its start only, and by a target that declares it.",
       HoldIsOfWorkThatWaits},
      {"progress-that-counts-rises",
       {"CMB-DUP-011"},
       {ROLE_SENDER},
       "A PROGRESS_ACK or IN_PROGRESS counts only if its place in the row is the highest so far.",
       ProgressThatCountsRises},
  };
}

}  // namespace cmb::conformance::oracle
