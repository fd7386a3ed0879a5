#include "reference/lifecycle/circuit_breaker.h"

#include <algorithm>
#include <iterator>

namespace cmb::lifecycle {

// CMB-CBR-003, CMB-CBR-004, CMB-CBR-007.
bool CircuitBreaker::Admit(const ModuleId& target, const MessageId& id, Instant now) {
  switch (StateOf(target, now)) {
    case CircuitState::kClosed:
      return true;
    case CircuitState::kOpen:
      return false;
    case CircuitState::kHalfOpen:
      break;
  }
  auto& probes = circuits_.at(target).probes;
  if (std::any_of(probes.begin(), probes.end(),
                  [&](const auto& probe) { return now - probe.second < config_.open; })) {
    return false;
  }
  probes.emplace(id, now);
  return true;
}

void CircuitBreaker::Note(const ModuleId& target, const MessageId& id, CircuitOutcome outcome,
                          Instant now) {
  Circuit& circuit = CircuitTo(target, now);
  const bool failed = outcome != CircuitOutcome::kSuccess;
  if (circuit.opened) {
    if (!circuit.probes.contains(id)) {
      return;  // CMB-CBR-009.
    }
    circuit = Circuit{};  // CMB-CBR-005.
    if (failed) {
      circuit.opened = now;  // CMB-CBR-006.
      return;
    }
  }
  circuit.outcomes.push_back({now, failed});
  Forget(circuit, now);
  // CMB-CBR-001, CMB-CBR-002.
  if (outcome == CircuitOutcome::kShutdown || (failed && HasFailedOften(circuit))) {
    circuit.opened = now;
  }
}

// CMB-CBR-005.
void CircuitBreaker::NoteSign(const ModuleId& target, const MessageId& id) {
  const auto found = circuits_.find(target);
  if (found != circuits_.end() && found->second.probes.contains(id)) {
    circuits_.erase(found);
  }
}

void CircuitBreaker::Abandon(const ModuleId& target, const MessageId& id) {
  const auto found = circuits_.find(target);
  if (found != circuits_.end()) {
    found->second.probes.erase(id);
  }
}

CircuitState CircuitBreaker::StateOf(const ModuleId& target, Instant now) const {
  if (!circuits_.contains(target) || !circuits_.at(target).opened) {
    return CircuitState::kClosed;
  }
  const Duration since = now - *circuits_.at(target).opened;
  return since < config_.open ? CircuitState::kOpen : CircuitState::kHalfOpen;
}

void CircuitBreaker::Forget(Circuit& circuit, Instant now) const {
  while (circuit.outcomes.size() > config_.outcomes ||
         (!circuit.outcomes.empty() && now - circuit.outcomes.front().at > config_.window)) {
    circuit.outcomes.pop_front();
  }
}

bool CircuitBreaker::HasFailedOften(const Circuit& circuit) const {
  const auto failures = static_cast<std::size_t>(
      std::count_if(circuit.outcomes.begin(), circuit.outcomes.end(),
                    [](const Outcome& outcome) { return outcome.failed; }));
  return failures >= config_.failures && 2 * failures >= circuit.outcomes.size();
}

CircuitBreaker::Circuit& CircuitBreaker::CircuitTo(const ModuleId& target, Instant now) {
  if (circuits_.size() >= sweep_at_) {
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
