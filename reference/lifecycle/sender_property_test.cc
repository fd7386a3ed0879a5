// Random lives of three messages at one sender: whatever arrives, in whatever
// order and at whatever time, the invariants hold after every step.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "reference/lifecycle/sender.h"
#include "reference/lifecycle/testing/sender_story.h"
#include "reference/lifecycle/testing/sender_witness.h"

namespace cmb::lifecycle::testing {
namespace {

// What is to happen: act, message, and numbers whose meaning the act gives.
using Step = std::tuple<int, int, int, int, int>;

AckIn RandomAck(int which, int attempt, int detail) {
  const std::vector<std::pair<AckType, Status>> pairs = {
      {AckType::kRouterAck, Status::kSuccess},      {AckType::kRouterAck, Status::kRejected},
      {AckType::kDeliveryAck, Status::kSuccess},    {AckType::kDeliveryAck, Status::kFailure},
      {AckType::kTimeout, Status::kFailure},        {AckType::kExecutionAck, Status::kInProgress},
      {AckType::kProgressAck, Status::kInProgress}, {AckType::kExecutionAck, Status::kSuccess},
      {AckType::kExecutionAck, Status::kFailure},   {AckType::kExecutionAck, Status::kRejected},
      {AckType::kReceipt, Status::kSuccess},        {static_cast<AckType>(99), Status::kSuccess}};
  const std::vector<ErrorCode> codes = {ErrorCode::kBufferFull, ErrorCode::kNoRoute,
                                        ErrorCode::kCancelled, ErrorCode::kInterrupted};
  const auto& [type, status] = pairs[static_cast<std::size_t>(which) % pairs.size()];
  AckIn ack = AckOf(type, status, static_cast<Attempt>(attempt));
  if (status != Status::kSuccess && status != Status::kInProgress) {
    ack.code = codes[static_cast<std::size_t>(detail) % codes.size()];
  }
  ack.progress_number = static_cast<std::uint64_t>(detail);
  ack.retryable = detail % 2 == 0;
  ack.never_forwarded = detail % 3 == 0;
  if (detail % 5 == 0) {
    ack.hold = Duration{detail * 100};
  }
  if (detail % 4 == 3) {
    ack.memory_ms = detail % 8 == 3 ? kMemoryWithoutLimit : 1;
    ack.started = false;
  }
  if (detail == 11) {
    ack.source = ModuleId("mallory");
  }
  return ack;
}

DeliveryPolicy ShortPolicy(int detail) {
  DeliveryPolicy policy = PolicyWithRetries(kMaxRetries);
  policy.router_ack = Duration{100};
  policy.delivery_ack = Duration{300};
  policy.execution = Duration{900};
  policy.backoff_first = Duration{detail % 3 * 100};
  const AckType required[] = {AckType::kExecutionAck, AckType::kDeliveryAck, AckType::kRouterAck};
  policy.required_ack = required[detail % 3];
  return policy;
}

class Life {
 public:
  Life() : sender_(ModuleId("sender"), Config(), [] { return 1.0; }) {}

  void Do(const Step& step) {
    const auto& [act, message, which, attempt, detail] = step;
    const MessageId id("m" + std::to_string(message));
    if (act == 0 && sent_.insert(id).second) {  // An id is never used again.
      Outgoing outgoing{id,
                        ModuleId("target"),
                        ChannelName("main"),
                        {},
                        Duration{which * 300},
                        ShortPolicy(detail),
                        nullptr,
                        {}};
      const auto sent = sender_.Send(outgoing, now_);
      if (const auto* effects = std::get_if<Effects>(&sent)) {
        witness_.Watch(*effects, now_);
      }
    } else if (act == 1) {
      witness_.Watch(sender_.Cancel(id, now_), now_);
    } else if (act >= 2 && act < 5) {
      AckIn ack = RandomAck(which, attempt, detail);
      ack.correlation_id = id;
      witness_.Hears(ack);
      witness_.Watch(sender_.OnAck(ack, now_), now_);
    } else {
      Pass(Duration{which * detail * 10});
    }
    witness_.Compare(sender_);
  }

  // Nothing is armed for ever.
  void ComeToRest() {
    Pass(kWindow + Duration{100000});
    RC_ASSERT(sender_.Timers().empty());
    RC_ASSERT(sender_.size() == 0u);
  }

 private:
  static SenderConfig Config() {
    SenderConfig config;
    config.reconcile_window = kWindow;
    config.max_latency = Duration{500};
    return config;
  }

  void Pass(Duration duration) {
    const Instant end = now_ + duration;
    for (int fired = 0;; ++fired) {
      RC_ASSERT(fired < 10000);  // Timers come to an end.
      std::optional<Timer> next = sender_.NextTimer(TimerClass::kHousekeeping);
      const std::optional<Timer> protocol = sender_.NextTimer(TimerClass::kProtocol);
      if (!next || (protocol && protocol->deadline < next->deadline)) {
        next = protocol;
      }
      if (!next || next->deadline > end) {
        break;
      }
      now_ = std::max(now_, next->deadline);
      witness_.Watch(sender_.FireNext(now_, ClassOf(next->kind)).value(), now_);
      witness_.Compare(sender_);
    }
    now_ = end;
  }

  Sender sender_;
  SenderWitness witness_;
  std::set<MessageId> sent_;
  Instant now_ = AtMs(0);
};

rc::Gen<std::vector<Step>> Lives() {
  return rc::gen::container<std::vector<Step>>(
      rc::gen::tuple(rc::gen::inRange(0, 8), rc::gen::inRange(1, 4), rc::gen::inRange(0, 12),
                     rc::gen::inRange(1, 5), rc::gen::inRange(0, 12)));
}

RC_GTEST_PROP(SenderProperty, HoldsItsInvariantsWhateverComes, ()) {
  Life life;
  for (const Step& step : *Lives()) {
    life.Do(step);
  }
  life.ComeToRest();
}

}  // namespace
}  // namespace cmb::lifecycle::testing
