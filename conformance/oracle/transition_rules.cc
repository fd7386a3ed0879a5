// What a transition event says of its change: a reason that the table has, the re-sends, the code;
// and that no event leaves out what it must say.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "conformance/oracle/reasons.h"
#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Reason;
using wire::Word;

// Pairs of states that no table joins are judged by others.
void ReasonsAreThoseOfTheTable(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const TransitionSeen& seen : message.transitions) {
      const auto& event = *seen.event;
      const ReasonRow* row = ReasonsOf(history.role(), event.old_state(), event.new_state());
      if (row != nullptr && event.reason() != ack::v1::REASON_UNSPECIFIED &&
          std::count(row->reasons.begin(), row->reasons.end(), event.reason()) == 0) {
        breaches.push_back(
            {seen.entry,
             fmt::format("'{}' goes {} -> {} for {}, which no table has", id,
                         Word(event.old_state()), Word(event.new_state()), Word(event.reason()))});
      }
    }
  }
}

void RetryCountFollowsTheAttempt(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const TransitionSeen& seen : message.transitions) {
      const std::uint32_t attempt = seen.event->attempt();
      const std::uint32_t due = attempt == 0 ? 0 : attempt - 1;
      if (seen.event->retry_count() != due) {
        breaches.push_back({seen.entry, fmt::format("retry_count {} of '{}' at attempt {}",
                                                    seen.event->retry_count(), id, attempt)});
      }
    }
  }
}

// ---------------------------------------------------------------- error codes

bool IsOfTheHandler(Reason reason) {
  return reason == ack::v1::REASON_HANDLER_FAILED || reason == ack::v1::REASON_HANDLER_REFUSED;
}

std::string WrongCode(const TransitionSeen& seen) {
  const auto code = seen.event->details().error_code();
  const Reason reason = seen.event->reason();
  if (reason == ack::v1::REASON_TTL_EXPIRED && code != ack::v1::ERROR_CODE_TTL_EXPIRED) {
    return "not TTL_EXPIRED";
  }
  if (reason == ack::v1::REASON_CIRCUIT_OPEN && code != ack::v1::ERROR_CODE_CIRCUIT_OPEN) {
    return "not CIRCUIT_OPEN";
  }
  if (reason == ack::v1::REASON_INTERRUPTED && code != ack::v1::ERROR_CODE_INTERRUPTED) {
    return "not INTERRUPTED";
  }
  if (reason == ack::v1::REASON_HANDLER_STARTED || reason == ack::v1::REASON_HANDLER_SUCCEEDED) {
    return code == ack::v1::ERROR_CODE_UNSPECIFIED ? "" : "and nothing failed";
  }
  return IsOfTheHandler(reason) && code == ack::v1::ERROR_CODE_UNSPECIFIED ? "none of its failure"
                                                                           : "";
}

void TransitionsTellTheCode(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const TransitionSeen& seen : message.transitions) {
      const std::string wrong = WrongCode(seen);
      if (!wrong.empty()) {
        breaches.push_back({seen.entry, fmt::format("error_code {} where '{}' goes to {} ({}): {}",
                                                    Word(seen.event->details().error_code()), id,
                                                    Word(seen.event->new_state()),
                                                    Word(seen.event->reason()), wrong)});
      }
    }
  }
}

// ---------------------------------------------------------------- other events

std::string MissingInAnomaly(const ack::v1::Anomaly& event, const History& history,
                             std::uint64_t at_ms) {
  if (event.kind() == ack::v1::ANOMALY_KIND_UNSPECIFIED) {
    return "kind";
  }
  if (event.role() != history.role()) {
    return "role";
  }
  return event.monotonic_ms() == at_ms ? "" : "instant";
}

std::string Missing(const ack::v1::Event& event, const History& history, std::uint64_t at_ms) {
  switch (event.kind_case()) {
    case ack::v1::Event::kAnomaly:
      return MissingInAnomaly(event.anomaly(), history, at_ms);
    case ack::v1::Event::KIND_NOT_SET:
      return "kind";
    default:  // open enum: starts and transitions have rules of their own.
      return "";
  }
}

void EventsAreComplete(const History& history, Breaches& breaches) {
  const auto& entries = history.transcript().entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (const auto* event = std::get_if<IutEvent>(&entries[i].what)) {
      const std::string missing = Missing(event->event, history, entries[i].at_ms);
      if (!missing.empty()) {
        breaches.push_back(
            {i, fmt::format("event {} lacks its {}", event->event.number(), missing)});
      }
    }
  }
}

// ---------------------------------------------------------------- the next deadline

bool IsOfTheProtocol(const control::v1::Timer& timer) {
  return timer.kind() < ack::v1::TIMER_KIND_RECONCILE;
}

void NextDeadlineIsTheEarliest(const History& history, Breaches& breaches) {
  const auto& entries = history.transcript().entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto* act = std::get_if<ControlAct>(&entries[i].what);
    if (act == nullptr || !act->request.has_timers() || act->reply.has_error()) {
      continue;
    }
    const auto& timers = act->reply.timers().timers();
    const control::v1::Timer* first = nullptr;
    for (const auto& timer : timers) {
      const bool earlier = first == nullptr || timer.deadline_ms() < first->deadline_ms();
      first = IsOfTheProtocol(timer) && earlier ? &timer : first;
    }
    const bool said = act->reply.has_next_deadline() &&
                      act->reply.next_deadline().class_() == control::v1::DEADLINE_CLASS_PROTOCOL;
    if (said != (first != nullptr) ||
        (said && act->reply.next_deadline().ms() != first->deadline_ms())) {
      breaches.push_back(
          {i, fmt::format(
                  "next_deadline {}, the earliest timer listed {}",
                  said ? std::to_string(act->reply.next_deadline().ms()) : "is not of the protocol",
                  first == nullptr ? "is not either" : std::to_string(first->deadline_ms()))});
    }
  }
}

}  // namespace

std::vector<Rule> TransitionRules() {
  const std::vector<ack::v1::Role> all{ack::v1::ROLE_SENDER, ack::v1::ROLE_ROUTER,
                                       ack::v1::ROLE_TARGET};
  return {
      {"reasons-of-the-table",
       {"CMB-OBS-001"},
       all,
       "The reason of a transition is one that the table of the machine has for it.",
       ReasonsAreThoseOfTheTable},
      {"retry-count-follows-attempt",
       {"CMB-OBS-001"},
       all,
       "The retry_count of a transition is its attempt less 1.",
       RetryCountFollowsTheAttempt},
      {"transitions-tell-the-code",
       {"CMB-OBS-001"},
       all,
       "A transition tells the code of the ACK or timer that caused it.",
       TransitionsTellTheCode},
      {"events-complete",
       {"CMB-OBS-001"},
       all,
       "Every event has a kind, and an anomaly what the schema requires.",
       EventsAreComplete},
      {"next-deadline-is-the-earliest",
       {"CMB-CTL-014"},
       all,
       "The next deadline is that of the earliest protocol timer listed.",
       NextDeadlineIsTheEarliest},
  };
}

}  // namespace cmb::conformance::oracle
