// What a target does with the work: once, with one answer for ever, and no more memory than it has.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;

// Up to when the work that `first` started must be remembered, for a copy of message `id`.
std::uint64_t RememberedUntil(const History& history, const ExecutionSeen& first,
                              const std::string& id, const Mark& now) {
  const auto message = history.messages().find(first.event->message_id());
  return id == first.event->message_id() ? LifeEnd(message->second, history, now)
                                         : Later(first.at_ms, history.key_window_ms());
}

void ExecutedOnce(const History& history, Breaches& breaches) {
  std::map<Work, ExecutionSeen> started;
  for (const ExecutionSeen& seen : history.executions()) {
    const auto [before, fresh] = started.try_emplace(WorkOf(*seen.event), seen);
    if (!fresh &&
        seen.at_ms <= RememberedUntil(history, before->second, seen.event->message_id(), seen)) {
      breaches.push_back(
          {seen.entry,
           fmt::format("the work '{}' of {} starts again, by '{}'", seen.event->idempotency_key(),
                       seen.event->source(), seen.event->message_id()),
           before->second.life == seen.life ? "CMB-DUP-003" : "CMB-DUR-009"});
    }
    before->second = seen;
  }
}

// The meaning of a terminal answer, without the attempt it answers.
std::string Meaning(const Ack& ack) {
  Ack meaning = ack;
  meaning.clear_attempt();
  meaning.clear_processing_time_ms();
  return meaning.SerializeAsString();
}

std::string Addressee(const AckSeen& seen) {
  return seen.header->targets_size() == 0 ? "" : seen.header->targets(0);
}

void AnswerNeverChanges(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    const AckSeen* first = nullptr;
    for (const AckSeen& seen : message.acks_sent) {
      if (!IsTerminal(*seen.ack)) {
        continue;
      }
      const bool remembered = first != nullptr && seen.at_ms <= LifeEnd(message, history, seen) &&
                              Addressee(*first) == Addressee(seen);
      if (remembered && !first->ack->retryable() && Meaning(*first->ack) != Meaning(*seen.ack)) {
        breaches.push_back({seen.entry, fmt::format("'{}' is answered {}, after {}", id,
                                                    Words(*seen.ack), Words(*first->ack))});
      }
      first = remembered && !first->ack->retryable() ? first : &seen;
    }
  }
}

void NoMemoryBeforeItBegan(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      const std::uint64_t age_ms = seen.at_ms - history.MemoryBegan(seen);
      if (seen.ack->memory_ms() > age_ms) {
        breaches.push_back(
            {seen.entry, fmt::format("{} of '{}' claims a memory of {} ms, it is {} ms old",
                                     Words(*seen.ack), id, seen.ack->memory_ms(), age_ms)});
      }
    }
  }
}

}  // namespace

std::vector<Rule> TargetRules() {
  using enum ack::v1::Role;
  return {
      {"executed-once",
       {"CMB-DUP-003", "CMB-DUR-009"},
       {ROLE_TARGET},
       "The work of a (source, target, key) starts once while its record lives.",
       ExecutedOnce},
      {"answer-never-changes",
       {"CMB-DUP-004"},
       {ROLE_TARGET},
       "Every copy of a message gets the same terminal answer.",
       AnswerNeverChanges},
      {"no-memory-before-it-began",
       {"CMB-TGT-012"},
       {ROLE_TARGET},
       "No answer claims a memory that is older than the target's store or process.",
       NoMemoryBeforeItBegan},
  };
}

}  // namespace cmb::conformance::oracle
