// Leaves a target alone for a while after it failed again and again (feature
// circuit_breaker). One circuit for each target: closed, open, half-open.
//
// The Sender core asks it at each Send and tells it each outcome. It arms no
// timer: open turns into half-open by comparing instants. While a circuit is not
// closed only the outcome of its probe counts, so that messages which were under
// way before neither open nor close it. Spec: chapter circuit breaker.
//
// `now` never goes back between calls.
//
// Threads: not safe; owned by one Sender.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>

#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

// Outcomes that count, at most this many and at most this old, that instant
// included.
inline constexpr std::size_t kCircuitOutcomes = 10;
inline constexpr Duration kCircuitMemory{60000};
// Failures among them that open the circuit, if they are half of them at least.
inline constexpr std::size_t kCircuitFailures = 5;
// How long it stays open; at its end it is half-open.
inline constexpr Duration kCircuitOpen{30000};

enum class CircuitState { kClosed, kOpen, kHalfOpen };

// What a message's end says of its target. kShutdown: a failure that opens the
// circuit at once (AGENT_SHUTDOWN).
enum class CircuitOutcome { kSuccess, kFailure, kShutdown };

class CircuitBreaker {
 public:
  // True: message `id` may go out. In half-open it is the probe from then on,
  // and no other is admitted until it has ended.
  bool Admit(const ModuleId& target, const MessageId& id, Instant now);

  // Message `id` to `target` has ended.
  void Note(const ModuleId& target, const MessageId& id, CircuitOutcome outcome, Instant now);
  // It was cancelled, which says nothing of the target.
  void Abandon(const ModuleId& target, const MessageId& id);

  CircuitState StateOf(const ModuleId& target, Instant now) const;
  // Circuits remembered. What says nothing any more is swept out now and then.
  std::size_t size() const { return circuits_.size(); }

 private:
  struct Outcome {
    Instant at;
    bool failed = false;
  };
  struct Circuit {
    std::deque<Outcome> outcomes;  // Oldest first.
    std::optional<Instant> opened;
    MessageId probe;  // Empty: none is under way.
  };

  static void Forget(Circuit& circuit, Instant now);
  static bool HasFailedOften(const Circuit& circuit);
  Circuit& CircuitTo(const ModuleId& target, Instant now);

  std::map<ModuleId, Circuit> circuits_;
  std::size_t sweep_at_ = 1024;
};

}  // namespace cmb::lifecycle
