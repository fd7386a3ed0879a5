// What a restart must do of itself, and what outlives it.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

// A handler that goes on says so.
bool Resumes(const MessageHistory& message, std::uint64_t exchange) {
  return std::any_of(
      message.acks_sent.begin(), message.acks_sent.end(), [exchange](const AckSeen& a) {
        return a.exchange == exchange && a.ack->ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK &&
               a.ack->status() == ack::v1::STATUS_IN_PROGRESS;
      });
}

void ARestartEndsWhatRan(const History& history, Breaches& breaches) {
  for (const Down& down : history.downs()) {
    // By the message that the events name, the last one before the restart's own.
    std::map<std::string, const TransitionSeen*> last;
    for (const TransitionSeen& seen : history.transitions()) {
      if (seen.exchange < down.exchange) {
        last[seen.event->message_id()] = &seen;
      }
    }
    for (const auto& [id, seen] : last) {
      const MessageHistory& message = history.messages().at(id);
      const bool ended = std::any_of(message.transitions.begin(), message.transitions.end(),
                                     [&down](const TransitionSeen& other) {
                                       return other.exchange == down.exchange &&
                                              other.event->reason() == ack::v1::REASON_INTERRUPTED;
                                     });
      if (seen->event->new_state() == ack::v1::STATE_EXECUTING && !ended &&
          !Resumes(message, down.exchange)) {
        breaches.push_back(
            {seen->entry,
             fmt::format(
                 "'{}' was executing when the process ended, and is neither interrupted nor "
                 "resumed at the restart",
                 id)});
      }
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

// CMB-TGT-015.
void ARefusalWithoutAStoreProvesNothing(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (seen.ack->ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK &&
          seen.ack->status() == ack::v1::STATUS_REJECTED && seen.ack->has_memory_ms() &&
          history.profile() != ack::v1::PROFILE_DURABLE) {
        breaches.push_back(
            {seen.entry, fmt::format("{} of '{}' has memory_ms, and the target has no store",
                                     Words(*seen.ack), id)});
      }
    }
  }
}

}  // namespace

std::vector<Rule> RestartRules() {
  return {
      {"a-restart-ends-what-ran",
       {"CMB-DUR-006"},
       {ack::v1::ROLE_TARGET},
       "Work that executed when the process ended is interrupted or resumed at the restart.",
       ARestartEndsWhatRan},
      {"no-memory-before-it-began",
       {"CMB-TGT-012"},
       {ack::v1::ROLE_TARGET},
       "No answer claims a memory that is older than the target's store or process.",
       NoMemoryBeforeItBegan},
      {"a-refusal-without-a-store-proves-nothing",
       {"CMB-TGT-015"},
       {ack::v1::ROLE_TARGET},
       "A target that is not DURABLE refuses without memory_ms.",
       ARefusalWithoutAStoreProvesNothing},
  };
}

}  // namespace cmb::conformance::oracle
