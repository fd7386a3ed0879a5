#include "reference/lifecycle/circuit_breaker.h"

#include <algorithm>
#include <iterator>

namespace cmb::lifecycle {

// CMB-CBR-003, CMB-CBR-004.
bool CircuitBreaker::Admit(const ModuleId& target, const MessageId& id, Instant now) {
  switch (StateOf(target, now)) {
    case CircuitState::kClosed:
      return true;
    case CircuitState::kOpen:
      return false;
    case CircuitState::kHalfOpen:
      break;
  }
  Circuit& circuit = circuits_.at(target);
  if (!circuit.probe.empty()) {
    return false;
  }
  circuit.probe = id;
  return true;
}

void CircuitBreaker::Note(const ModuleId& target, const MessageId& id, CircuitOutcome outcome,
                          Instant now) {
  Circuit& circuit = CircuitTo(target, now);
  const bool failed = outcome != CircuitOutcome::kSuccess;
  if (circuit.opened) {
    if (circuit.probe != id) {
      return;
    }
    // CMB-CBR-005.
    circuit = Circuit{};
    if (failed) {
      circuit.opened = now;
    }
    return;
  }
  circuit.outcomes.push_back({now, failed});
  Forget(circuit, now);
  // CMB-CBR-001, CMB-CBR-002.
  if (outcome == CircuitOutcome::kShutdown || (failed && HasFailedOften(circuit))) {
    circuit = Circuit{};
    circuit.opened = now;
  }
}

void CircuitBreaker::Abandon(const ModuleId& target, const MessageId& id) {
  const auto found = circuits_.find(target);
  if (found != circuits_.end() && found->second.probe == id) {
    found->second.probe = MessageId();
  }
}

CircuitState CircuitBreaker::StateOf(const ModuleId& target, Instant now) const {
  const auto found = circuits_.find(target);
  if (found == circuits_.end() || !found->second.opened) {
    return CircuitState::kClosed;
  }
  return now - *found->second.opened < kCircuitOpen ? CircuitState::kOpen : CircuitState::kHalfOpen;
}

void CircuitBreaker::Forget(Circuit& circuit, Instant now) {
  while (circuit.outcomes.size() > kCircuitOutcomes ||
         (!circuit.outcomes.empty() && now - circuit.outcomes.front().at > kCircuitMemory)) {
    circuit.outcomes.pop_front();
  }
}

bool CircuitBreaker::HasFailedOften(const Circuit& circuit) {
  const auto failures = static_cast<std::size_t>(
      std::count_if(circuit.outcomes.begin(), circuit.outcomes.end(),
                    [](const Outcome& outcome) { return outcome.failed; }));
  return failures >= kCircuitFailures && 2 * failures >= circuit.outcomes.size();
}

CircuitBreaker::Circuit& CircuitBreaker::CircuitTo(const ModuleId& target, Instant now) {
  if (circuits_.size() >= sweep_at_ && !circuits_.contains(target)) {
    for (auto at = circuits_.begin(); at != circuits_.end();) {
      Forget(at->second, now);
      const bool silent = !at->second.opened && at->second.outcomes.empty();
      at = silent ? circuits_.erase(at) : std::next(at);
    }
    // Seldom enough to cost nothing, however many targets there are.
    sweep_at_ = std::max(sweep_at_, 2 * circuits_.size());
  }
  return circuits_[target];
}

}  // namespace cmb::lifecycle
