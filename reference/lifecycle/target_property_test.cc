// Random copies of two sources' messages at one target, with handlers that
// start and end whenever they like: whatever comes, the invariants hold.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "reference/lifecycle/target.h"
#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

// What is to happen: act, source, message, and numbers whose meaning the act
// gives.
using Step = std::tuple<int, int, int, int, int>;

constexpr std::size_t kTableLimit = 3;

bool Ended(State state) { return state != State::kReceived && state != State::kExecuting; }

// What was told about one work, named by its first message, while its record
// lives.
struct Told {
  State state = State::kReceived;
  int executions = 0;
  int offers = 0;
  std::optional<Status> terminal;
};

class Bench {
 public:
  Bench() : target_(ModuleId("target"), Config()) {}

  void Do(const Step& step) {
    const auto& [act, source, message, attempt, detail] = step;
    const MessageKey key{ModuleId(source == 0 ? "sender" : "other"),
                         MessageId("m" + std::to_string(message))};
    if (act < 3) {
      Take(key, attempt, detail);
    } else if (act == 3) {
      Watch(target_.OnHandlerStarted(key, {}, now_));
    } else if (act == 4) {
      Watch(target_.OnHandlerEnded(key, RandomEnd(detail), now_));
    } else if (act == 5) {
      Cancel(key);
    } else {
      Pass(Duration{attempt * detail * 40});
    }
    Compare();
  }

  // Nothing is armed for ever, once every handler has ended.
  void ComeToRest() {
    for (const RecordView& record : target_.Records()) {
      Watch(target_.OnHandlerEnded(record.key, Ends(Status::kSuccess), now_));
    }
    Pass(Duration{100000});
    RC_ASSERT(target_.Timers().empty());
    RC_ASSERT(target_.size() == 0u);
  }

 private:
  static TargetConfig Config() {
    TargetConfig config;
    config.records = kTableLimit;
    config.max_latency = Duration{500};
    config.key_window = Duration{3000};
    return config;
  }

  static HandlerEnd RandomEnd(int detail) {
    const Status ends[] = {Status::kSuccess, Status::kFailure, Status::kRejected};
    return Ends(ends[detail % 3], ErrorCode::kOverloaded, detail % 2 == 0);
  }

  void Take(const MessageKey& key, int attempt, int detail) {
    MessageIn message;
    message.source = key.source;
    message.id = key.id;
    message.attempt = static_cast<Attempt>(attempt);
    message.ttl = Duration{detail * 100};
    message.key = IdempotencyKey(detail % 2 == 0 ? "job" : "");
    const bool known = target_.Find(key).has_value();
    const std::size_t before = target_.size();
    const Effects effects = target_.OnMessage(message, now_);
    // Each copy is answered once, first of all.
    const auto* receipt = std::get_if<SendAck>(&effects.front());
    RC_ASSERT(receipt != nullptr && receipt->ack.type == AckType::kReceipt);
    RC_ASSERT(receipt->ack.attempt == message.attempt && receipt->ack.correlation_id == key.id);
    const bool refused = receipt->ack.status == Status::kRejected;
    RC_ASSERT(!refused || (!known && before == kTableLimit && effects.size() == 1u));
    Watch(effects);
  }

  void Cancel(const MessageKey& key) {
    AckIn ack;
    ack.source = key.source;
    ack.correlation_id = key.id;
    ack.type = AckType::kCancel;
    const Effects effects = target_.OnAck(ack, now_);
    RC_ASSERT(effects.size() == 1u);
    Watch(effects);
  }

  void Watch(const Effects& effects) {
    for (const Effect& effect : effects) {
      if (const auto* offer = std::get_if<OfferWork>(&effect)) {
        ++told_[{offer->key.source, offer->idempotency_key}].offers;
      } else if (const auto* send = std::get_if<SendAck>(&effect)) {
        OnSend(*send);
      } else if (const auto* emit = std::get_if<EmitEvent>(&effect)) {
        OnEvent(emit->event);
      }
    }
  }

  void OnSend(const SendAck& send) {
    if (send.ack.type == AckType::kReceipt) {
      return;
    }
    RC_ASSERT(IsTerminal(send.ack.type, send.ack.status));  // Nothing else from BASIC.
    RC_ASSERT(send.ack.code != ErrorCode::kDuplicateDetected);
    const std::optional<RecordView> record = target_.Find({send.to, send.ack.correlation_id});
    RC_ASSERT(record.has_value());  // Told only to those who asked.
    const Status status = send.ack.status;
    RC_ASSERT((record->state == State::kSucceeded) == (status == Status::kSuccess));
    RC_ASSERT((record->state == State::kFailed) == (status == Status::kFailure));
    RC_ASSERT((record->state == State::kRejected) == (status == Status::kRejected));
  }

  void OnEvent(const Event& event) {
    if (const auto* change = std::get_if<TransitionEvent>(&event)) {
      // The event names the copy that made or reopened the record, the chain is the work's.
      const std::optional<RecordView> record = target_.Find(change->key);
      RC_ASSERT(record.has_value());
      Told& told = told_[{change->key.source, record->idempotency_key}];
      RC_ASSERT(change->old_state == told.state);
      RC_ASSERT(change->new_state != change->old_state);
      RC_ASSERT(!Ended(change->old_state) || change->reason == Reason::kResend);
      told.state = change->new_state;
    } else if (const auto* execution = std::get_if<ExecutionEvent>(&event)) {
      ++executions_[{execution->key.source, execution->idempotency_key}];
    }
  }

  void Compare() {
    std::map<std::pair<ModuleId, IdempotencyKey>, std::uint32_t> alive;
    for (const RecordView& record : target_.Records()) {
      alive[{record.key.source, record.idempotency_key}] += record.execution_count;
    }
    RC_ASSERT(target_.size() == alive.size() && alive.size() <= kTableLimit);
    for (const auto& [work, started] : alive) {
      RC_ASSERT(started <= 1u);  // At most one start while the record lives.
      RC_ASSERT(executions_[work] == started);
    }
    for (auto& [work, started] : executions_) {
      started = alive.contains(work) ? started : 0;  // Forgotten.
    }
    for (auto& [work, told] : told_) {
      if (!alive.contains(work)) {
        told = Told{};
      }
    }
  }

  void Pass(Duration duration) {
    const Instant end = now_ + duration;
    for (int fired = 0;; ++fired) {
      RC_ASSERT(fired < 10000);  // Timers come to an end.
      std::optional<Timer> next = target_.NextTimer(TimerClass::kHousekeeping);
      const std::optional<Timer> protocol = target_.NextTimer(TimerClass::kProtocol);
      if (!next || (protocol && protocol->deadline < next->deadline)) {
        next = protocol;
      }
      if (!next || next->deadline > end) {
        break;
      }
      now_ = std::max(now_, next->deadline);
      Watch(target_.FireNext(now_, ClassOf(next->kind)).value());
      Compare();
    }
    now_ = end;
  }

  Target target_;
  std::map<std::pair<ModuleId, IdempotencyKey>, Told> told_;  // By work.
  std::map<std::pair<ModuleId, IdempotencyKey>, std::uint32_t> executions_;
  Instant now_ = AtMs(0);
};

rc::Gen<std::vector<Step>> Steps() {
  return rc::gen::container<std::vector<Step>>(
      rc::gen::tuple(rc::gen::inRange(0, 8), rc::gen::inRange(0, 2), rc::gen::inRange(0, 4),
                     rc::gen::inRange(1, 5), rc::gen::inRange(0, 12)));
}

RC_GTEST_PROP(TargetProperty, HoldsItsInvariantsWhateverComes, ()) {
  Bench bench;
  for (const Step& step : *Steps()) {
    bench.Do(step);
  }
  bench.ComeToRest();
}

}  // namespace
}  // namespace cmb::lifecycle::testing
