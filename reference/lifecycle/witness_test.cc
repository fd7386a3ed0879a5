// The witnesses of the random walks look: whatever of a core's doing is bent, some walk of
// a few thousand acts ends in the breach that is named. long because: each thing that can
// be bent has an entry.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference/lifecycle/testing/router_traffic.h"
#include "reference/lifecycle/testing/sender_life.h"
#include "reference/lifecycle/testing/target_life.h"
#include "reference/lifecycle/testing/walk.h"

namespace cmb::lifecycle::testing {
namespace {

constexpr int kActs = 20'000;

// Each effect of one kind.
template <typename Kind>
std::function<void(Effects&)> Each(std::function<void(Kind&)> bend) {
  return [bend](Effects& effects) {
    for (Effect& effect : effects) {
      if (auto* found = std::get_if<Kind>(&effect)) {
        bend(*found);
      }
    }
  };
}

template <typename Kind>
std::function<void(Effects&)> EachEvent(std::function<void(Kind&)> bend) {
  return Each<EmitEvent>([bend](EmitEvent& emit) {
    if (auto* found = std::get_if<Kind>(&emit.event)) {
      bend(*found);
    }
  });
}

// An effect, or an event, of this kind.
template <typename Kind>
bool Is(const Effect& effect) {
  if constexpr (std::is_constructible_v<Event, Kind>) {
    const auto* emit = std::get_if<EmitEvent>(&effect);
    return emit != nullptr && std::holds_alternative<Kind>(emit->event);
  } else {
    return std::holds_alternative<Kind>(effect);
  }
}

// The first of the kind comes twice.
template <typename Kind>
void Double(Effects& effects) {
  const auto first = std::find_if(effects.begin(), effects.end(), Is<Kind>);
  if (first != effects.end()) {
    effects.push_back(Effect(*first));
  }
}

template <typename Kind>
void Without(Effects& effects) {
  std::erase_if(effects, Is<Kind>);
}

std::function<void(std::vector<Timer>&)> WithoutTimer(TimerKind kind) {
  return [kind](std::vector<Timer>& timers) {
    std::erase_if(timers, [kind](const Timer& timer) { return timer.kind == kind; });
  };
}

// A timer of this kind for whatever has another one.
std::function<void(std::vector<Timer>&)> WithTimer(TimerKind kind, TimerKind beside) {
  return [kind, beside](std::vector<Timer>& timers) {
    for (std::size_t i = 0, count = timers.size(); i < count; ++i) {
      if (timers[i].kind == beside) {
        timers.push_back({timers[i].key, kind, timers[i].deadline});
      }
    }
  };
}

std::function<void(std::vector<RecordView>&)> EachRecord(std::function<void(RecordView&)> bend) {
  return [bend](std::vector<RecordView>& records) {
    for (RecordView& record : records) {
      bend(record);
    }
  };
}

// About m1.
std::function<void(Effects&)> WithAck(const char* to, AckType type, Status status) {
  SendAck send;
  send.to = ModuleId(to);
  send.ack.type = type;
  send.ack.status = status;
  send.ack.correlation_id = MessageId("m1");
  send.ack.attempt = 1;
  return [send](Effects& effects) { effects.push_back(send); };
}

struct Bent {
  const char* what;
  Alteration alteration;
  const char* breach;  // What the description of the breach contains.
};

const std::function<void(TransitionEvent&)> kOtherReason = [](TransitionEvent& change) {
  change.reason = Reason::kCircuitOpen;
};

template <typename Life, typename... Made>
void ExpectSeen(std::span<const Bent> all, Made... made) {
  for (const Bent& bent : all) {
    const std::string breach =
        Walk<Life>(1, kActs, [&] { return std::make_unique<Life>(made..., bent.alteration); });
    EXPECT_NE(breach, "") << bent.what;
    EXPECT_NE(breach.find(bent.breach), std::string::npos) << bent.what << ": " << breach;
  }
}

// long because: one entry for each thing that can be bent.
TEST(SenderWitness, SeesWhatIsBent) {
  const Bent all[] = {
      {"no transition", {Without<TransitionEvent>}, "state"},
      {"a reason that no row has",
       {EachEvent<TransitionEvent>(kOtherReason)},
       "no row has the change"},
      {"a start again from an end",
       {EachEvent<TransitionEvent>([](TransitionEvent& change) {
         change.new_state = Ended(change.new_state) ? State::kRouted : change.new_state;
       })},
       "no row has the change"},
      {"a certainty before the end",
       {EachEvent<TransitionEvent>(
           [](TransitionEvent& change) { change.certainty = Certainty::kUnknown; })},
       "certainty"},
      {"one copy more", {Double<SendMessage>}, "seen.attempt + 1"},
      {"a life that grows with the attempts",
       {Each<SendMessage>([](SendMessage& send) { send.ttl += Duration{100000} * send.attempt; })},
       "ttl"},
      {"no copy", {Without<SendMessage>}, "attempt"},
      {"a CANCEL that nobody asked for",
       {WithAck("target", AckType::kCancel, Status::kUnspecified)},
       "no row has the effect"},
      {"another anomaly",
       {EachEvent<AnomalyEvent>(
           [](AnomalyEvent& anomaly) { anomaly.kind = AnomalyKind::kClosedAttempt; })},
       ""},
      {"an alert twice", {Double<AlertEvent>}, "raised"},
      {"no alert", {Without<AlertEvent>}, "raised"},
      {"no TTL timer", {{}, {}, WithoutTimer(TimerKind::kTtl)}, "lives"},
      {"no phase timer", {{}, {}, WithoutTimer(TimerKind::kRouterAck)}, "phases"},
      {"two phase timers",
       {{}, {}, WithTimer(TimerKind::kExecution, TimerKind::kRouterAck)},
       "phases"},
      {"a CANCEL repeated in an open state",
       {{}, {}, WithTimer(TimerKind::kCancel, TimerKind::kRouterAck)},
       "cancels"},
      {"a proof out of nothing",
       {{}, EachRecord([](RecordView& record) { record.certainty = Certainty::kExecuted; }), {}},
       "start_attested"},
      {"an absence out of nothing",
       {{}, EachRecord([](RecordView& record) { record.certainty = Certainty::kNotExecuted; }), {}},
       "absence_attested"},
      {"a certainty that falls",
       {{},
        EachRecord([n = 0](RecordView& record) mutable {
          if (++n % 50 == 0 && record.certainty != Certainty::kUnspecified) {
            record.certainty = Certainty::kUnknown;
          }
        }),
        {}},
       "certainty"},
      {"another state in the record",
       {{}, EachRecord([](RecordView& record) { record.state = State::kRouted; }), {}},
       "state"},
  };
  ExpectSeen<SenderLife>(all);
}

TEST(RouterWitness, SeesWhatIsBent) {
  const Bent all[] = {
      {"no transition", {Without<TransitionEvent>}, "state"},
      {"a reason that no row has",
       {EachEvent<TransitionEvent>(kOtherReason)},
       "no row has the change"},
      {"an ACK that a router may not say",
       {WithAck("sender", AckType::kExecutionAck, Status::kSuccess)},
       ""},
      {"a DELIVERY_ACK out of nothing",
       {WithAck("sender", AckType::kDeliveryAck, Status::kSuccess)},
       ""},
      {"an attempt that never came",
       {Each<ForwardMessage>([](ForwardMessage& forward) { forward.attempt += 10; })},
       "arrived"},
      {"a longer life",
       {Each<ForwardMessage>([](ForwardMessage& forward) { forward.ttl += Duration{100000}; })},
       "life_ends"},
      {"one forward too many",
       {Each<ForwardMessage>([](ForwardMessage& forward) { forward.delivery_count += 10; })},
       "delivery_count"},
      {"a RECEIPT passed on",
       {Each<ForwardAck>([](ForwardAck& pass) { pass.type = AckType::kReceipt; })},
       "kReceipt"},
      {"no TTL timer", {{}, {}, WithoutTimer(TimerKind::kTtl)}, "kTtl"},
      {"no phase timer", {{}, {}, WithoutTimer(TimerKind::kDeliveryPhase)}, "phase"},
      {"a redelivery without its phase",
       {{}, {}, WithTimer(TimerKind::kRedelivery, TimerKind::kRecordExpiry)},
       ""},
      {"a record that is kept for ever",
       {{}, {}, WithoutTimer(TimerKind::kRecordExpiry)},
       "kRecordExpiry"},
      {"another state in the record",
       {{}, EachRecord([](RecordView& record) { record.state = State::kSettled; }), {}},
       ""},
  };
  ExpectSeen<RouterTraffic>(all);
}

TEST(TargetWitness, SeesWhatIsBent) {
  const Bent all[] = {
      {"no transition", {Without<TransitionEvent>}, ""},
      {"a reason that no row has",
       {EachEvent<TransitionEvent>(kOtherReason)},
       "no row has the change"},
      {"a second start", {Double<ExecutionEvent>}, "executions_"},
      {"no start", {Without<ExecutionEvent>}, "executions_"},
      {"another end",
       {Each<SendAck>([](SendAck& send) {
         if (send.ack.type == AckType::kExecutionAck && send.ack.status == Status::kSuccess) {
           send.ack.status = Status::kFailure;
         }
       })},
       ""},
      {"an ACK to nobody",
       {Each<SendAck>([](SendAck& send) {
         if (send.ack.type != AckType::kReceipt) {
           send.to = ModuleId("nobody");
         }
       })},
       "has_value"},
      {"no ACK of an end",
       {[](Effects& effects) {
         std::erase_if(effects, [](const Effect& effect) {
           const auto* send = std::get_if<SendAck>(&effect);
           return send != nullptr && send->ack.type == AckType::kExecutionAck;
         });
       }},
       "told_an_end_"},
      {"no TTL timer", {{}, {}, WithoutTimer(TimerKind::kTtl)}, "kTtl"},
      {"a TTL behind the end",
       {{}, {}, WithTimer(TimerKind::kTtl, TimerKind::kRecordExpiry)},
       "kTtl"},
      {"a record that is kept for ever",
       {{}, {}, WithoutTimer(TimerKind::kRecordExpiry)},
       "kRecordExpiry"},
      {"two starts in the record",
       {{}, EachRecord([](RecordView& record) { record.execution_count *= 2; }), {}},
       "started"},
  };
  ExpectSeen<TargetLife>(all, Profile::kTracked);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
