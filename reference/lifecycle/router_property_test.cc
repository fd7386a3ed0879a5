// Random traffic of two sources through one router: whatever arrives, in
// whatever order, with routes that come and go, the invariants hold.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "reference/lifecycle/router.h"
#include "reference/lifecycle/testing/router_story.h"
#include "reference/lifecycle/testing/router_witness.h"

namespace cmb::lifecycle::testing {
namespace {

// What is to happen: act, source and message, and numbers whose meaning the act
// gives.
using Step = std::tuple<int, int, int, int, int>;

std::string SourceOf(int whose) { return whose % 2 == 0 ? "sender" : "other"; }

MessageIn RandomCopy(int whose, int attempt, int detail) {
  MessageIn message =
      Copy("m" + std::to_string(whose / 2), static_cast<Attempt>(attempt), Duration{detail * 250});
  message.connection = message.source = ModuleId(SourceOf(whose));
  message.policy.delivery_ack = Duration{2000};
  message.policy.backoff_first = Duration{detail % 3 * 200};
  if (detail == 11) {
    message.schema_version = 2;
  }
  return message;
}

AckIn RandomAck(int whose, int which, int attempt, int detail) {
  const std::vector<std::pair<AckType, Status>> pairs = {
      {AckType::kReceipt, Status::kSuccess},         {AckType::kReceipt, Status::kRejected},
      {AckType::kExecutionAck, Status::kInProgress}, {AckType::kProgressAck, Status::kInProgress},
      {AckType::kExecutionAck, Status::kSuccess},    {AckType::kExecutionAck, Status::kFailure},
      {AckType::kExecutionAck, Status::kRejected},   {static_cast<AckType>(99), Status::kSuccess},
      {AckType::kRouterAck, Status::kSuccess},       {AckType::kCancel, Status::kUnspecified},
      {AckType::kTimeout, Status::kFailure}};
  const auto& [type, status] = pairs[static_cast<std::size_t>(which) % pairs.size()];
  const bool of_sender = type == AckType::kCancel || type == AckType::kTimeout;
  AckIn ack = of_sender ? AckFrom(SourceOf(whose), "target", type, status)
                        : AckFrom("target", SourceOf(whose), type, status);
  ack.attempt = static_cast<Attempt>(attempt);
  ack.correlation_id = MessageId("m" + std::to_string(whose / 2));
  ack.retryable = detail % 2 == 0;
  if (detail == 11) {
    ack.connection = ModuleId("mallory");
  }
  if (detail == 10) {
    ack.connection = ack.source = ModuleId("mallory");
  }
  return ack;
}

class Traffic {
 public:
  Traffic() : router_(Config(), [] { return 1.0; }) {}

  void Do(const Step& step) {
    const auto& [act, whose, which, attempt, detail] = step;
    if (act < 3) {
      const MessageIn message = RandomCopy(whose, attempt, detail);
      route_ = which % 4 != 0;
      witness_.Takes(message, now_);
      Carry(router_.OnMessage(message, now_));
    } else if (act < 6) {
      const AckIn ack = RandomAck(whose, which, attempt, detail);
      if (ack.source != ModuleId("target") || SpeaksOfWhatItGot(ack)) {
        witness_.Hears(ack, now_);
        Carry(router_.OnAck(ack, now_));
        witness_.TimePasses();
      }
    } else {
      Pass(Duration{which * detail * 10});
    }
    witness_.Compare(router_);
  }

  // Nothing is armed for ever.
  void ComeToRest() {
    Pass(Duration{100000});
    RC_ASSERT(router_.Timers().empty());
    RC_ASSERT(router_.size() == 0u);
  }

 private:
  static RouterConfig Config() {
    RouterConfig config;
    config.max_deliveries = kMaxDeliveries;
    config.queue_per_target = kQueueLimit;
    config.max_latency = kMaxLatency;
    return config;
  }

  // An attempt that came before the router forgot its record is under way for
  // longer than MAX_LATENCY allows.
  bool SpeaksOfWhatItGot(const AckIn& ack) const {
    const std::optional<RecordView> record = router_.Find({ack.target, ack.correlation_id});
    return !record || ack.attempt <= record->attempt;
  }

  void Carry(const Effects& effects) {
    for (const Effect& effect : effects) {
      witness_.Watch(effect, now_);
      if (const auto* forward = std::get_if<ForwardMessage>(&effect)) {
        const ForwardResult result = route_ ? ForwardResult::kHandedOver : ForwardResult::kNoRoute;
        Carry(router_.OnForwardResult(forward->key, result, now_));
        witness_.Compare(router_);
      }
    }
  }

  void Pass(Duration duration) {
    const Instant end = now_ + duration;
    for (int fired = 0;; ++fired) {
      RC_ASSERT(fired < 10000);  // Timers come to an end.
      std::optional<Timer> next = router_.NextTimer(TimerClass::kHousekeeping);
      const std::optional<Timer> protocol = router_.NextTimer(TimerClass::kProtocol);
      if (!next || (protocol && protocol->deadline < next->deadline)) {
        next = protocol;
      }
      if (!next || next->deadline > end) {
        break;
      }
      now_ = std::max(now_, next->deadline);
      Carry(router_.FireNext(now_, ClassOf(next->kind)).value());
      witness_.Compare(router_);
    }
    now_ = end;
  }

  Router router_;
  RouterWitness witness_;
  bool route_ = true;
  Instant now_ = AtMs(0);
};

rc::Gen<std::vector<Step>> Steps() {
  return rc::gen::container<std::vector<Step>>(
      rc::gen::tuple(rc::gen::inRange(0, 8), rc::gen::inRange(0, 6), rc::gen::inRange(0, 12),
                     rc::gen::inRange(1, 5), rc::gen::inRange(0, 12)));
}

RC_GTEST_PROP(RouterProperty, HoldsItsInvariantsWhateverComes, ()) {
  Traffic traffic;
  for (const Step& step : *Steps()) {
    traffic.Do(step);
  }
  traffic.ComeToRest();
}

}  // namespace
}  // namespace cmb::lifecycle::testing
