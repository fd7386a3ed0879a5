// A target core with its clock in hand, for tests that read as a story; the
// handler is the test. Header-only; used by tests alone.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "reference/lifecycle/target.h"
#include "reference/lifecycle/testing/next_due.h"
#include "reference/lifecycle/testing/second.h"

namespace cmb::lifecycle::testing {

inline HandlerEnd Ends(Status status, ErrorCode code = ErrorCode::kUnspecified,
                       bool retryable = false) {
  HandlerEnd end;
  end.status = status;
  end.code = code;
  end.retryable = retryable;
  return end;
}

// A target core with its clock in hand; the handler is the test.
class TargetStory {
 public:
  explicit TargetStory(TargetConfig config = {}) : core_(ModuleId("target"), config) {}

  Target& core() { return core_; }

  std::string Takes(const std::string& id, Attempt attempt = 1, Duration ttl = Duration{300000},
                    const std::string& key = "", const std::string& source = "sender") {
    MessageIn message;
    message.source = ModuleId(source);
    message.id = MessageId(id);
    message.key = IdempotencyKey(key);
    message.attempt = attempt;
    message.ttl = ttl;
    return ToText(core_.OnMessage(message, now_));
  }
  std::string Hears(AckType type, Status status, const std::string& id = "m1") {
    AckIn ack;
    ack.source = ModuleId("sender");
    ack.correlation_id = MessageId(id);
    ack.type = type;
    ack.status = status;
    return ToText(core_.OnAck(ack, now_));
  }
  std::string Starts(const std::string& id = "m1") {
    return ToText(core_.OnHandlerStarted(Key(id), {}, now_));
  }
  std::string EndsWith(const HandlerEnd& end, const std::string& id = "m1") {
    return ToText(core_.OnHandlerEnded(Key(id), end, now_));
  }
  std::string Waits(Duration duration) {
    const Instant end = now_ + duration;
    std::string text;
    for (std::optional<Timer> next = NextDue(core_, end); next; next = NextDue(core_, end)) {
      now_ = std::max(now_, next->deadline);
      text += ToText(core_.FireNext(now_, ClassOf(next->kind)).value());
    }
    now_ = end;
    return text;
  }
  // Lets time pass up to the last instant, with its timers still pending.
  void WaitsShortOfTimers(Duration duration) {
    const Instant end = now_ + duration;
    Waits(duration - Duration{1});
    now_ = end;
  }
  std::string State(const std::string& id = "m1") const {
    const std::optional<RecordView> record = core_.Find(Key(id));
    return record ? Word(record->state) : "NONE";
  }
  std::uint32_t Executions(const std::string& id) const {
    return core_.Find(Key(id))->execution_count;
  }

 private:
  static MessageKey Key(const std::string& id) { return {ModuleId("sender"), MessageId(id)}; }
  Target core_;
  Instant now_ = AtMs(0);
};

}  // namespace cmb::lifecycle::testing
