// The circuit breaker of a sender: a refusal has its cause in earlier failures, and sends nothing.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

// The settings of the case, with the defaults of chapter 19.
struct Circuit {
  explicit Circuit(const control::v1::CircuitSettings& given)
      : window_ms(given.has_window_ms() ? given.window_ms() : 60'000),
        failures(given.has_failures() ? given.failures() : 5),
        codes(given.failure_codes().begin(), given.failure_codes().end()) {
    if (given.has_slow_ms()) {
      slow_ms = given.slow_ms();
    }
    if (codes.empty()) {
      codes = {ack::v1::ERROR_CODE_AGENT_UNAVAILABLE, ack::v1::ERROR_CODE_AGENT_SHUTDOWN,
               ack::v1::ERROR_CODE_OVERLOADED,        ack::v1::ERROR_CODE_BUFFER_FULL,
               ack::v1::ERROR_CODE_NO_ROUTE,          ack::v1::ERROR_CODE_ACK_TIMEOUT,
               ack::v1::ERROR_CODE_TOOL_TIMEOUT,      ack::v1::ERROR_CODE_INTERNAL_ERROR,
               ack::v1::ERROR_CODE_INTERRUPTED,       ack::v1::ERROR_CODE_PARTIAL_DELIVERY};
    }
  }

  std::uint64_t window_ms;
  std::size_t failures;
  std::optional<std::uint64_t> slow_ms;
  std::set<int> codes;
};

bool IsRefusal(const TransitionSeen& seen) {
  return seen.event->reason() == ack::v1::REASON_CIRCUIT_OPEN;
}

// The table of 19.1.
bool CountsAgainst(const Circuit& circuit, const TransitionSeen& seen,
                   const MessageHistory& message) {
  const ack::v1::TransitionEvent& event = *seen.event;
  if (event.new_state() == ack::v1::STATE_TIMEOUT_ABORT) {
    return event.reason() != ack::v1::REASON_CANCEL;
  }
  if (event.new_state() == ack::v1::STATE_COMPLETED_SUCCESS) {
    return circuit.slow_ms &&
           seen.at_ms > Later(message.transitions.front().at_ms, *circuit.slow_ms);
  }
  return event.new_state() == ack::v1::STATE_COMPLETED_FAILURE &&
         circuit.codes.count(event.details().error_code()) != 0;
}

void ARefusedMessageIsNotSent(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    const bool refused =
        std::any_of(message.transitions.begin(), message.transitions.end(), IsRefusal);
    if (refused && !message.copies_sent.empty()) {
      breaches.push_back({message.copies_sent.front().entry,
                          fmt::format("'{}' is sent, whose circuit was open", id)});
    }
  }
}

// Some failures to this target could have opened its circuit: as many within the window, or a
// shutdown.
bool CouldHaveOpened(const History& history, const TransitionSeen& refusal) {
  const Circuit circuit(history.settings().circuit());
  std::vector<std::uint64_t> failures;
  for (const TransitionSeen& seen : history.transitions()) {
    const MessageHistory& message = history.messages().at(seen.event->message_id());
    if (seen.entry > refusal.entry || seen.life != refusal.life || message.copies_sent.empty() ||
        seen.event->target() != refusal.event->target() || !CountsAgainst(circuit, seen, message)) {
      continue;
    }
    if (seen.event->details().error_code() == ack::v1::ERROR_CODE_AGENT_SHUTDOWN) {
      return true;
    }
    failures.push_back(seen.at_ms);
    if (failures.size() >= circuit.failures &&
        failures.back() - failures[failures.size() - circuit.failures] <= circuit.window_ms) {
      return true;
    }
  }
  return false;
}

void ACircuitOpensForACause(const History& history, Breaches& breaches) {
  for (const TransitionSeen& seen : history.transitions()) {
    if (!IsRefusal(seen)) {
      continue;
    }
    const bool declared = history.Declares(ack::v1::FEATURE_CIRCUIT_BREAKER);
    if (!declared || !CouldHaveOpened(history, seen)) {
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
       "A circuit is open only after as many failures within its window as are set, or a shutdown.",
       ACircuitOpensForACause},
  };
}

}  // namespace cmb::conformance::oracle
