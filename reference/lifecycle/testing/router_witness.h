// Watches what a router core does, from outside, and asserts the invariants of
// the spec after every step. It knows no transition. Header-only; used by
// property tests alone.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "reference/lifecycle/router.h"
#include "reference/lifecycle/testing/table_law.h"

namespace cmb::lifecycle::testing {

// What the lives under test are made with.
inline constexpr std::uint32_t kMaxDeliveries = 3;
inline constexpr std::size_t kQueueLimit = 2;
inline constexpr Duration kMaxLatency{500};

// What the effects and the arrivals told about one message so far.
struct Routed {
  State state = State::kUnspecified;
  State before = State::kUnspecified;  // The change at `changed`,
  Instant changed;                     // which may be of this very step.
  std::set<Attempt> arrived;
  std::optional<Instant> life_ends;  // The latest end of what arrived.
  Attempt received = 0;              // Highest attempt with a RECEIPT, or implied.
  Attempt cancelled = 0;             // Closed by the sender,
  Instant cancelled_at;              // and remembered for two latencies at least.
  bool target_spoke = false;
  bool handed_over = false;  // Some attempt, to ZeroMQ.
};

class RouterWitness {
 public:
  void Takes(const MessageIn& message, Instant now) {
    Routed& routed = routed_[{message.source, message.id}];
    routed.arrived.insert(message.attempt);
    const Instant end = now + message.ttl;
    routed.life_ends = std::max(routed.life_ends.value_or(end), end);
    arriving_ = nullptr;
    held_before_ = IsHeld(routed.state);
  }

  // A dead letter shall be sent again under this key.
  void Redrives(const MessageKey& key, Duration ttl, Instant now) {
    routed_[key].arrived.insert(1);
    routed_[key].life_ends = now + ttl;
    arriving_ = nullptr;
    held_before_ = false;
  }

  void Hears(const AckIn& ack, Instant now) {
    arriving_ = &ack;
    const MessageKey key{ack.target, ack.correlation_id};
    const bool from_target = ack.source == ModuleId("target");
    const bool refused = ack.type == AckType::kReceipt && ack.status == Status::kRejected;
    const bool routers = ack.type == AckType::kRouterAck || ack.type == AckType::kDeliveryAck;
    // What comes after the record was forgotten is about a former life.
    const State state = routed_[key].state;
    const bool known = state != State::kUnspecified && state != State::kRejected;
    if (from_target && !refused && !routers && known) {
      routed_[key].target_spoke = true;
      routed_[key].received = std::max(routed_[key].received, ack.attempt);
    }
    if (ack.type == AckType::kCancel) {
      // Where only somebody else's message has the id, it is no CANCEL (5.3).
      Routed& routed = routed_[{ack.source, ack.correlation_id}];
      if (routed.state != State::kUnspecified || !IsUsedByAnybody(ack.correlation_id)) {
        routed.cancelled = ack.attempt;
        routed.cancelled_at = now;
      }
    }
  }

  void HandedOver(const MessageKey& key) { routed_[key].handed_over = true; }

  void TimePasses() { arriving_ = nullptr; }

  void Watch(const Effect& effect, Instant now) {
    if (const auto* forward = std::get_if<ForwardMessage>(&effect)) {
      OnForward(*forward, now);
    } else if (const auto* send = std::get_if<SendAck>(&effect)) {
      OnSend(*send, now);
    } else if (const auto* pass = std::get_if<ForwardAck>(&effect)) {
      OnPass(*pass);
    } else if (const auto* emit = std::get_if<EmitEvent>(&effect)) {
      OnEvent(emit->event, now);
    }
  }

  // The records agree with what was told of them.
  void Compare(const Router& router, const std::vector<RecordView>& records,
               const std::vector<Timer>& timers) {
    std::map<MessageKey, State> states;
    RouterCounts counts;
    for (const RecordView& record : records) {
      Routed& routed = routed_[record.key];
      // A record is made without an event, in one of its two first states.
      if (routed.state == State::kUnspecified) {
        RC_ASSERT(record.state == State::kForwarding || record.state == State::kRejected);
        routed.state = record.state;
      }
      RC_ASSERT(record.state == routed.state);
      RC_ASSERT(record.delivery_count <= kMaxDeliveries);
      states[record.key] = record.state;
      ++counts.records;
      counts.forwarding += record.state == State::kForwarding ? 1 : 0;
      if (record.state == State::kForwarding) {
        ++counts.queues[record.target];
      }
      counts.delivered += record.state == State::kDelivered ? 1 : 0;
      counts.dead_letters += record.dead_letter ? 1 : 0;
    }
    RC_ASSERT(router.Counts().records == counts.records);
    RC_ASSERT(router.Counts().forwarding == counts.forwarding);
    RC_ASSERT(router.Counts().delivered == counts.delivered);
    RC_ASSERT(router.Counts().dead_letters == counts.dead_letters);
    RC_ASSERT(router.Counts().queues == counts.queues);
    for (auto& [key, routed] : routed_) {
      if (!states.contains(key) && routed.state != State::kUnspecified) {
        routed = Routed{};  // Forgotten.
      }
    }
    CompareTimers(timers, states);
  }

 private:
  bool IsUsedByAnybody(const MessageId& id) const {
    return std::any_of(routed_.begin(), routed_.end(), [&id](const auto& entry) {
      return entry.first.id == id && entry.second.state != State::kUnspecified;
    });
  }

  static bool IsHeld(State state) {
    return state == State::kForwarding || state == State::kDelivered || state == State::kSettled ||
           state == State::kDeadLettered;
  }

  static const TableLaw& Law() {
    static const TableLaw law("router");
    return law;
  }

  // An effect on the record by one of these words.
  void Expect(const MessageKey& key, std::initializer_list<const char*> words, Instant now) {
    const Routed& routed = routed_[key];
    Law().AllowsEffect({routed.state, routed.changed == now ? routed.before : routed.state}, words);
  }

  void OnEvent(const Event& event, Instant now) {
    if (const auto* change = std::get_if<TransitionEvent>(&event)) {
      OnTransition(*change, now);
    } else if (const auto* retry = std::get_if<RetryEvent>(&event)) {
      Expect(retry->key, {"emit retry"}, now);
    }
  }

  void OnForward(const ForwardMessage& forward, Instant now) {
    const Routed& routed = routed_[forward.key];
    Expect(forward.key, {"forward"}, now);
    RC_ASSERT(routed.arrived.contains(forward.attempt));
    RC_ASSERT(forward.ttl > Duration{0});
    RC_ASSERT(now + forward.ttl <= *routed.life_ends);
    RC_ASSERT(forward.delivery_count <= kMaxDeliveries);
    RC_ASSERT(forward.attempt > routed.received);  // No forward after its RECEIPT.
    if (now <= routed.cancelled_at + 2 * kMaxLatency) {
      RC_ASSERT(forward.attempt > routed.cancelled);  // Nor of what was cancelled.
    }
  }

  void OnSend(const SendAck& send, Instant now) {
    const MessageKey key{send.to, send.ack.correlation_id};
    const std::string code = " " + Word(send.ack.code);
    const std::string word = "send " + Word(send.ack.type) + "/" + Word(send.ack.status);
    const std::string timeout = "send " + Word(send.ack.type) + code;
    Expect(key, {word.c_str(), timeout.c_str(), (word + code).c_str()}, now);
    switch (send.ack.type) {
      case AckType::kRouterAck:
        RC_ASSERT(arriving_ == nullptr);
        RC_ASSERT(!(send.ack.status == Status::kRejected && held_before_));
        return;
      case AckType::kDeliveryAck:
        if (send.ack.never_forwarded) {
          OnProofOfAbsence(send);
          return;
        }
        RC_ASSERT(arriving_ != nullptr && arriving_->source == ModuleId("target"));
        RC_ASSERT(send.ack.attempt == arriving_->attempt);
        RC_ASSERT(routed_[key].target_spoke);
        return;
      case AckType::kTimeout:
        RC_ASSERT(arriving_ == nullptr);
        return;
      case AckType::kUnspecified:
      case AckType::kExecutionAck:
      case AckType::kProgressAck:
      case AckType::kCancel:
      case AckType::kReceipt:
        RC_FAIL("not for a router to say");
    }
  }

  void OnProofOfAbsence(const SendAck& send) {
    const Routed& routed = routed_[{send.to, send.ack.correlation_id}];
    RC_ASSERT(arriving_ != nullptr && arriving_->type == AckType::kCancel);
    RC_ASSERT(send.ack.attempt == arriving_->attempt && !routed.handed_over);
    for (Attempt attempt = 1; attempt <= send.ack.attempt; ++attempt) {
      RC_ASSERT(routed.arrived.contains(attempt));
    }
  }

  void OnPass(const ForwardAck& pass) {
    RC_ASSERT(pass.type != AckType::kReceipt);
    RC_ASSERT(pass.type != AckType::kTimeout);
    if (arriving_ != nullptr) {
      RC_ASSERT(pass.to == arriving_->target);
      RC_ASSERT(pass.type == arriving_->type && pass.status == arriving_->status);
    } else {
      RC_ASSERT(IsTerminal(pass.type, pass.status));  // The stored one, for a copy.
    }
  }

  void OnTransition(const TransitionEvent& change, Instant now) {
    Routed& routed = routed_[change.key];
    Law().AllowsChange(change);
    RC_ASSERT(change.old_state == routed.state);
    RC_ASSERT(change.new_state != change.old_state);
    RC_ASSERT(change.old_state != State::kSettled);  // What is settled stays so.
    routed.before = routed.state;
    routed.changed = now;
    routed.state = change.new_state;
  }

  static void CompareTimers(const std::vector<Timer>& timers,
                            const std::map<MessageKey, State>& states) {
    std::map<MessageKey, std::set<TimerKind>> armed;
    for (const Timer& timer : timers) {
      armed[timer.key].insert(timer.kind);
    }
    for (const auto& [key, state] : states) {
      const std::set<TimerKind>& kinds = armed[key];
      const bool phase = kinds.contains(TimerKind::kDeliveryPhase);
      RC_ASSERT(phase == kinds.contains(TimerKind::kTtl));
      RC_ASSERT(!kinds.contains(TimerKind::kRedelivery) || phase);
      RC_ASSERT(phase || state != State::kForwarding);
      RC_ASSERT(!phase || state == State::kForwarding || state == State::kDelivered);
      RC_ASSERT(kinds.contains(TimerKind::kRecordExpiry) == !phase);
    }
  }

  std::map<MessageKey, Routed> routed_;
  const AckIn* arriving_ = nullptr;  // Null: a MESSAGE or a timer is at work.
  bool held_before_ = false;
};

}  // namespace cmb::lifecycle::testing
