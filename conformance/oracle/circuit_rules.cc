// The circuit breaker of a sender: a refusal has its cause in earlier failures, and sends nothing.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::ErrorCode;

constexpr std::uint64_t kWindowMs = 60'000;
constexpr std::size_t kFailures = 5;

bool IsRefusal(const TransitionSeen& seen) {
  return seen.event->reason() == ack::v1::REASON_CIRCUIT_OPEN;
}

// The table of 19.1.
bool CountsAgainst(const ack::v1::TransitionEvent& event) {
  if (event.new_state() == ack::v1::STATE_TIMEOUT_ABORT) {
    return event.reason() != ack::v1::REASON_CANCEL;
  }
  const ErrorCode code = event.details().error_code();
  return event.new_state() == ack::v1::STATE_COMPLETED_FAILURE &&
         (code == ack::v1::ERROR_CODE_AGENT_UNAVAILABLE ||
          code == ack::v1::ERROR_CODE_AGENT_SHUTDOWN || code == ack::v1::ERROR_CODE_OVERLOADED ||
          code == ack::v1::ERROR_CODE_BUFFER_FULL || code == ack::v1::ERROR_CODE_NO_ROUTE ||
          code == ack::v1::ERROR_CODE_ACK_TIMEOUT || code == ack::v1::ERROR_CODE_TOOL_TIMEOUT ||
          code == ack::v1::ERROR_CODE_INTERNAL_ERROR);
}

void ARefusedMessageIsNotSent(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    const bool refused = std::any_of(story.transitions.begin(), story.transitions.end(), IsRefusal);
    if (refused && !story.copies_sent.empty()) {
      breaches.push_back({story.copies_sent.front().entry,
                          fmt::format("'{}' is sent, whose circuit was open", id)});
    }
  }
}

// Some failures to this target could have opened its circuit: five within a minute, or a shutdown.
bool CouldHaveOpened(const Facts& facts, const TransitionSeen& refusal) {
  std::vector<std::uint64_t> failures;
  for (const TransitionSeen& seen : facts.transitions()) {
    const bool of_a_message_sent =
        !facts.stories().at(seen.event->message_id()).copies_sent.empty();
    if (seen.entry > refusal.entry || seen.life != refusal.life || !of_a_message_sent ||
        seen.event->target() != refusal.event->target() || !CountsAgainst(*seen.event)) {
      continue;
    }
    if (seen.event->details().error_code() == ack::v1::ERROR_CODE_AGENT_SHUTDOWN) {
      return true;
    }
    failures.push_back(seen.at_ms);
    if (failures.size() >= kFailures &&
        failures.back() - failures[failures.size() - kFailures] <= kWindowMs) {
      return true;
    }
  }
  return false;
}

void ACircuitOpensForACause(const Facts& facts, Breaches& breaches) {
  for (const TransitionSeen& seen : facts.transitions()) {
    if (!IsRefusal(seen)) {
      continue;
    }
    const bool declared = facts.Declares(ack::v1::FEATURE_CIRCUIT_BREAKER);
    if (!declared || !CouldHaveOpened(facts, seen)) {
      breaches.push_back({seen.entry, fmt::format("'{}' is refused: {}", seen.event->message_id(),
                                                  declared ? "its target had not failed so"
                                                           : "there is no circuit breaker")});
    }
  }
}

}  // namespace

std::vector<Rule> CircuitRules() {
  using enum ack::v1::Role;
  return {
      {"a-refused-message-is-not-sent",
       {"CMB-CBR-003"},
       {ROLE_SENDER},
       "Nothing is sent of a message that met an open circuit.",
       ARefusedMessageIsNotSent},
      {"a-circuit-opens-for-a-cause",
       {"CMB-CBR-001"},
       {ROLE_SENDER},
       "A circuit is open only after five failures within a minute, or a shutdown.",
       ACircuitOpensForACause},
  };
}

}  // namespace cmb::conformance::oracle
