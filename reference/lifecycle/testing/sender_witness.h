// Watches what a sender core does, from outside, and asserts the invariants of
// the spec after every step. It knows no transition. Header-only; used by
// property tests alone.
#pragma once

#include <rapidcheck.h>

#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "reference/lifecycle/sender.h"
#include "reference/lifecycle/testing/table_law.h"

namespace cmb::lifecycle::testing {

// What the lives under test are made with.
inline constexpr std::uint32_t kMaxRetries = 2;
inline constexpr Duration kWindow{5000};

inline bool Ended(State state) {
  return state == State::kCompletedSuccess || state == State::kCompletedFailure ||
         state == State::kTimeoutAbort;
}

// What the effects told about one message so far.
struct Seen {
  State state = State::kIdle;
  State before = State::kIdle;  // The last change within this step.
  Attempt attempt = 0;
  std::optional<Duration> ttl;
  int raised = 0;
  int failures = 0;  // Entries into a failed end, cancels apart.
  int outcome_changes = 0;
  Instant ended;
  Certainty certainty = Certainty::kUnspecified;
  bool by_router = false;  // It failed by the router's word alone.
  bool start_attested = false;
  std::set<Attempt> rejected;
  bool late_failure = false;      // After completion by required_ack.
  bool disproved = false;         // EXECUTED after NOT_EXECUTED.
  bool own_key = true;            // No other message was sent for its work.
  bool absence_attested = false;  // By a durable refusal or an answer to a CANCEL.
};

class SenderWitness {
 public:
  void Sends(const MessageId& id, const IdempotencyKey& key) {
    const std::string& named = key.str();
    if (!named.empty() && named != id.str()) {
      seen_[id].own_key = false;
      keys_[id] = MessageId(named);
    }
  }

  void Hears(const AckIn& ack) {
    Seen& seen = seen_[ack.correlation_id];
    const bool by_target = ack.source == ModuleId("target");
    if (by_target && AttestsAStart(ack)) {
      seen.start_attested = true;
    }
    if (ack.source == kRouterId && ack.type == AckType::kRouterAck &&
        ack.status == Status::kRejected) {
      seen.rejected.insert(ack.attempt);
    }
    const bool cancelled = ack.code == ErrorCode::kCancelled;
    if (ack.memory_ms || (cancelled && ack.never_forwarded)) {
      seen.absence_attested = true;
    }
  }

  void Watch(const Effects& effects, Instant now) {
    int anomalies = 0;
    int transitions = 0;
    int conflicts = 0;
    for (auto& [id, seen] : seen_) {
      seen.before = seen.state;
    }
    for (const Effect& effect : effects) {
      if (const auto* send = std::get_if<SendMessage>(&effect)) {
        OnSend(*send);
      } else if (const auto* ack = std::get_if<SendAck>(&effect)) {
        Expect(ack->ack.correlation_id,
               {ack->ack.type == AckType::kCancel ? "send CANCEL" : "send TIMEOUT"});
      } else if (const auto* emit = std::get_if<EmitEvent>(&effect)) {
        const auto* anomaly = std::get_if<AnomalyEvent>(&emit->event);
        anomalies += anomaly != nullptr ? 1 : 0;
        conflicts += anomaly != nullptr && anomaly->kind == AnomalyKind::kConflict ? 1 : 0;
        transitions += std::holds_alternative<TransitionEvent>(emit->event) ? 1 : 0;
        OnEvent(emit->event, now);
      }
    }
    // A start that disproves NOT_EXECUTED may reconcile, and is a CONFLICT.
    RC_ASSERT(anomalies <= 1);
    RC_ASSERT(anomalies == 0 || transitions == 0 || conflicts == 1);
  }

  // The records agree with what was told of them.
  void Compare(const Sender& sender, const std::vector<RecordView>& records,
               const std::vector<Timer>& timers) {
    std::size_t open = 0;
    std::map<State, std::size_t> pending;
    for (const RecordView& record : records) {
      Seen& seen = seen_[record.key.id];
      RC_ASSERT(record.state == seen.state);
      RC_ASSERT(record.attempt == seen.attempt);
      open += Ended(record.state) ? 0 : 1;
      pending[record.state] += Ended(record.state) ? 0 : 1;
      CompareTimers(timers, record);
      CompareCertainty(record, seen);
      // A cancelled message raises one if a proof was wrong.
      RC_ASSERT(seen.raised == 1 || (seen.raised == 0 && seen.failures == 0));
      RC_ASSERT(seen.failures > 0 || seen.disproved || seen.raised == (seen.late_failure ? 1 : 0));
      RC_ASSERT(seen.outcome_changes <= 1);
    }
    RC_ASSERT(open == sender.in_flight());
    for (const auto& [state, count] : sender.pending().by_state()) {
      RC_ASSERT(count == pending[state]);
    }
  }

 private:
  // Written from chapter 9.4, not from the core.
  static bool AttestsAStart(const AckIn& ack) {
    if (ack.type == AckType::kProgressAck || ack.status == Status::kInProgress) {
      return !ack.hold.has_value();
    }
    const bool cut_short = ack.code == ErrorCode::kCancelled || ack.code == ErrorCode::kInterrupted;
    return ack.type == AckType::kExecutionAck &&
           (ack.status == Status::kSuccess || (ack.status == Status::kFailure && !cut_short));
  }

  static const TableLaw& Law() {
    static const TableLaw law("sender");
    return law;
  }

  // An effect on the record by one of these words.
  void Expect(const MessageId& id, std::initializer_list<const char*> words) {
    Law().AllowsEffect({seen_[id].state, seen_[id].before}, words);
  }

  void OnSend(const SendMessage& send) {
    Seen& seen = seen_[send.id];
    Expect(send.id, {"send MESSAGE"});
    RC_ASSERT(seen.state == State::kSendPending);
    RC_ASSERT(send.attempt == seen.attempt + 1);
    RC_ASSERT(send.attempt <= 1 + kMaxRetries);
    RC_ASSERT(send.ttl > Duration{0});
    RC_ASSERT(!seen.ttl || send.ttl <= *seen.ttl);
    seen.attempt = send.attempt;
    seen.ttl = send.ttl;
    if (keys_.contains(send.id)) {
      seen_[keys_[send.id]].own_key = false;
    }
  }

  void OnEvent(const Event& event, Instant now) {
    if (const auto* transition = std::get_if<TransitionEvent>(&event)) {
      OnTransition(*transition, now);
    } else if (const auto* anomaly = std::get_if<AnomalyEvent>(&event)) {
      // What was forgotten is no longer known.
      const Seen& seen = seen_[anomaly->id];
      Law().AllowsAnomaly({seen.state, seen.before, State::kIdle}, anomaly->kind);
      if (anomaly->kind == AnomalyKind::kLateFailure) {
        seen_[anomaly->id].late_failure = true;
      }
    } else if (const auto* alert = std::get_if<AlertEvent>(&event)) {
      OnAlert(*alert);
      seen_[alert->key.id].raised += alert->state == AlertState::kRaised ? 1 : 0;
    } else if (const auto* retry = std::get_if<RetryEvent>(&event)) {
      Expect(retry->key.id, {"emit retry"});
      RC_ASSERT(seen_[retry->key.id].state == State::kSendPending);
      RC_ASSERT(retry->attempt == seen_[retry->key.id].attempt + 1);
    } else if (const auto* progress = std::get_if<ProgressEvent>(&event)) {
      Expect(progress->key.id, {"emit progress"});
    }
  }

  void OnAlert(const AlertEvent& alert) {
    if (alert.state == AlertState::kRaised) {
      Expect(alert.key.id, {"raise alert", "update alert"});
    } else if (alert.state == AlertState::kResolved) {
      Expect(alert.key.id, {"resolve alert"});
    } else {
      Expect(alert.key.id, {"update alert", "raise alert", "resolve alert"});
    }
  }

  void OnTransition(const TransitionEvent& change, Instant now) {
    Seen& seen = seen_[change.key.id];
    RC_ASSERT(change.old_state == seen.state);
    RC_ASSERT(change.new_state != change.old_state);
    Law().AllowsChange(change);
    if (Ended(change.old_state)) {
      ++seen.outcome_changes;
      RC_ASSERT(change.old_state == State::kTimeoutAbort ||
                (seen.by_router && change.new_state == State::kCompletedSuccess));
      RC_ASSERT(change.reason == Reason::kLateExecutionAck);
      RC_ASSERT(now <= seen.ended + kWindow);
    } else if (change.new_state == State::kCompletedFailure ||
               change.new_state == State::kTimeoutAbort) {
      seen.failures += change.reason == Reason::kCancel ? 0 : 1;
    }
    RC_ASSERT(Ended(change.new_state) == (change.certainty != Certainty::kUnspecified));
    seen.by_router = change.new_state == State::kCompletedFailure &&
                     (change.reason == Reason::kRouterAck || change.reason == Reason::kDeliveryAck);
    seen.before = seen.state;
    seen.state = change.new_state;
    seen.ended = now;
  }

  static void CompareTimers(const std::vector<Timer>& timers, const RecordView& record) {
    int phases = 0;
    int lives = 0;
    int cancels = 0;
    for (const Timer& timer : timers) {
      if (timer.key == record.key && ClassOf(timer.kind) == TimerClass::kProtocol) {
        ++(timer.kind == TimerKind::kTtl      ? lives
           : timer.kind == TimerKind::kCancel ? cancels
                                              : phases);
      }
    }
    const int want = Ended(record.state) ? 0 : 1;
    RC_ASSERT(phases == want);
    RC_ASSERT(lives == want);
    RC_ASSERT(cancels == 0 || record.state == State::kTimeoutAbort);
  }

  static void CompareCertainty(const RecordView& record, Seen& seen) {
    seen.disproved = seen.disproved || (seen.certainty == Certainty::kNotExecuted &&
                                        record.certainty == Certainty::kExecuted);
    if (seen.certainty == Certainty::kExecuted) {
      RC_ASSERT(record.certainty == Certainty::kExecuted);
    }
    if (seen.certainty == Certainty::kNotExecuted) {
      RC_ASSERT(record.certainty != Certainty::kUnknown);
    }
    if (record.certainty == Certainty::kExecuted) {
      RC_ASSERT(seen.start_attested);
    }
    if (record.certainty == Certainty::kNotExecuted) {
      bool all = true;
      for (Attempt attempt = 1; attempt <= seen.attempt; ++attempt) {
        all = all && seen.rejected.contains(attempt);
      }
      RC_ASSERT(all || seen.absence_attested);
      RC_ASSERT(seen.own_key || seen.certainty == Certainty::kNotExecuted);
    }
    seen.certainty = record.certainty;
  }

  std::map<MessageId, Seen> seen_;
  std::map<MessageId, MessageId> keys_;  // The message whose id is the key, if it is one.
};

}  // namespace cmb::lifecycle::testing
