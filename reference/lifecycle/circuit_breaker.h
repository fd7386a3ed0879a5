// Leaves a target alone for a while after it failed again and again (feature
// circuit_breaker). One circuit for each target: closed, open, half-open.
//
// The Sender core asks it at each Send and tells it each sign of work and each
// outcome. It arms no timer: open turns into half-open by comparing instants. While
// a circuit is not closed only what becomes of its probes counts, so that messages
// which were under way before neither open nor close it. Nothing of it is
// stored: after a restart every circuit is closed (CMB-CBR-008). Spec: chapter circuit breaker.
//
// `now` never goes back between calls.
//
// Threads: not safe; owned by one Sender.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

struct CircuitConfig {
  // Outcomes that are looked at: at most this many and at most this old, that
  // instant included.
  std::size_t outcomes = 10;
  Duration window{60000};
  // Failures among them that open the circuit, if they are half of them at least.
  std::size_t failures = 5;
  // How long it stays open; at its end it is half-open.
  Duration open{30000};
  // A success that took longer is a failure. Absent: none is.
  std::optional<Duration> slow = {};
  // COMPLETED_FAILURE with one of these is a failure, with another a success.
  std::vector<ErrorCode> failure_codes = {
      ErrorCode::kAgentUnavailable, ErrorCode::kAgentShutdown, ErrorCode::kOverloaded,
      ErrorCode::kBufferFull,       ErrorCode::kNoRoute,       ErrorCode::kAckTimeout,
      ErrorCode::kToolTimeout,      ErrorCode::kInternalError, ErrorCode::kInterrupted,
      ErrorCode::kPartialDelivery};
};

enum class CircuitState { kClosed, kOpen, kHalfOpen };

// What a message's end says of its target. kShutdown: a failure that opens the
// circuit at once (AGENT_SHUTDOWN).
enum class CircuitOutcome { kSuccess, kFailure, kShutdown };

class CircuitBreaker {
 public:
  explicit CircuitBreaker(CircuitConfig config = {}) : config_(std::move(config)) {}

  // True: message `id` may go out. In half-open it is a probe from then on, and
  // until it has ended none other is admitted for as long as a circuit is open.
  bool Admit(const ModuleId& target, const MessageId& id, Instant now);

  // Message `id` to `target` has ended.
  void Note(const ModuleId& target, const MessageId& id, CircuitOutcome outcome, Instant now);
  // Its target works on it. A probe of which that is heard closes the circuit.
  void NoteSign(const ModuleId& target, const MessageId& id);
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
    std::map<MessageId, Instant> probes;  // Under way, and when each was sent.
  };

  void Forget(Circuit& circuit, Instant now) const;
  bool HasFailedOften(const Circuit& circuit) const;
  Circuit& CircuitTo(const ModuleId& target, Instant now);

  CircuitConfig config_;
  std::map<ModuleId, Circuit> circuits_;
  std::size_t sweep_at_ = 1024;
};

}  // namespace cmb::lifecycle
