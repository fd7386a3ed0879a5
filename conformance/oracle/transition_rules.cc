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
void ReasonsAreThoseOfTheTable(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    for (const TransitionSeen& seen : story.transitions) {
      const auto& event = *seen.event;
      const ReasonRow* row = ReasonsOf(facts.role(), event.old_state(), event.new_state());
      if (row != nullptr && event.reason() != ack::v1::REASON_UNSPECIFIED &&
          std::count(row->reasons.begin(), row->reasons.end(), event.reason()) == 0) {
        breaches.push_back({seen.entry, fmt::format("'{}' goes {} -> {} for {}, which no table has",
                                                    id, Word(event.old_state()),
                                                    Word(event.new_state()), Word(event.reason()))});
      }
    }
  }
}

void RetryCountFollowsTheAttempt(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    for (const TransitionSeen& seen : story.transitions) {
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

// The target says in the ACKs of the same step what it says in the event.
bool SaidOtherwise(const Story& story, const TransitionSeen& seen) {
  bool same = false, other = false;
  for (const AckSeen& sent : story.acks_sent) {
    if (sent.exchange == seen.exchange && sent.ack->ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK) {
      const bool equal = sent.ack->error_code() == seen.event->details().error_code();
      (equal ? same : other) = true;
    }
  }
  return other && !same;
}

std::string WrongCode(const Story& story, const TransitionSeen& seen) {
  const auto code = seen.event->details().error_code();
  const Reason reason = seen.event->reason();
  if (reason == ack::v1::REASON_TTL_EXPIRED && code != ack::v1::ERROR_CODE_TTL_EXPIRED) {
    return "not TTL_EXPIRED";
  }
  if (reason == ack::v1::REASON_HANDLER_STARTED || reason == ack::v1::REASON_HANDLER_SUCCEEDED) {
    return code == ack::v1::ERROR_CODE_UNSPECIFIED ? "" : "and nothing failed";
  }
  if (IsOfTheHandler(reason)) {
    return code == ack::v1::ERROR_CODE_UNSPECIFIED ? "none of its failure"
           : SaidOtherwise(story, seen)            ? "not that of its EXECUTION_ACK"
                                                   : "";
  }
  return "";
}

void TransitionsTellTheCode(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    for (const TransitionSeen& seen : story.transitions) {
      const std::string wrong = WrongCode(story, seen);
      if (!wrong.empty()) {
        breaches.push_back(
            {seen.entry, fmt::format("error_code {} where '{}' goes to {} ({}): {}",
                                     Word(seen.event->details().error_code()), id,
                                     Word(seen.event->new_state()), Word(seen.event->reason()),
                                     wrong)});
      }
    }
  }
}

// ---------------------------------------------------------------- other events

std::string MissingInExecution(const ack::v1::Execution& event) {
  if (event.message_id().empty()) {
    return "message_id";
  }
  if (event.source().empty()) {
    return "source";
  }
  if (event.target().empty()) {
    return "target";
  }
  if (event.idempotency_key().empty()) {
    return "idempotency_key";
  }
  return event.attempt() == 0 ? "attempt" : "";
}

std::string MissingInAnomaly(const ack::v1::Anomaly& event, const Facts& facts,
                             std::uint64_t at_ms) {
  if (event.kind() == ack::v1::ANOMALY_KIND_UNSPECIFIED) {
    return "kind";
  }
  if (event.role() != facts.role()) {
    return "role";
  }
  return event.monotonic_ms() == at_ms ? "" : "instant";
}

std::string Missing(const ack::v1::Event& event, const Facts& facts, std::uint64_t at_ms) {
  switch (event.kind_case()) {
    case ack::v1::Event::kExecution:
      return MissingInExecution(event.execution());
    case ack::v1::Event::kAnomaly:
      return MissingInAnomaly(event.anomaly(), facts, at_ms);
    case ack::v1::Event::KIND_NOT_SET:
      return "kind";
    default:  // open enum: transitions have a rule of their own.
      return "";
  }
}

void EventsAreComplete(const Facts& facts, Breaches& breaches) {
  const auto& entries = facts.transcript().entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (const auto* event = std::get_if<IutEvent>(&entries[i].what)) {
      const std::string missing = Missing(event->event, facts, entries[i].at_ms);
      if (!missing.empty()) {
        breaches.push_back(
            {i, fmt::format("event {} lacks its {}", event->event.number(), missing)});
      }
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
       "Every event has a kind, and the fields that the schema requires.",
       EventsAreComplete},
  };
}

}  // namespace cmb::conformance::oracle
