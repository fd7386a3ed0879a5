// A target core with its clock in hand, for tests that read as a story; the
// handler is the test. Header-only; used by tests alone.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

// TRACKED with every feature.
inline TargetConfig Tracked() {
  TargetConfig config;
  config.profile = Profile::kTracked;
  config.conditional_ack = true;
  config.ordered = true;
  return config;
}

inline TargetConfig Durable() {
  TargetConfig config = Tracked();
  config.profile = Profile::kDurable;
  return config;
}

// A target core with its clock in hand; the handler is the test.
class TargetStory {
 public:
  explicit TargetStory(TargetConfig config = {}) : config_(config) { Begin(); }

  Target& core() { return *core_; }
  Instant now() const { return now_; }

  std::string Takes(const std::string& id, Attempt attempt = 1, Duration ttl = Duration{300000},
                    const std::string& key = "", const std::string& source = "sender") {
    return Takes(Message(id, attempt, ttl, key, source));
  }
  // The same in a stream.
  std::string TakesInStream(const std::string& id, const std::string& stream, Attempt attempt = 1,
                            Duration ttl = Duration{300000}) {
    MessageIn message = Message(id, attempt, ttl, "", "sender");
    message.stream = StreamId(stream);
    return Takes(message);
  }
  std::string Takes(const MessageIn& message) { return ToText(core_->OnMessage(message, now_)); }
  std::string Hears(AckType type, Status status, const std::string& id = "m1",
                    Attempt attempt = 1) {
    AckIn ack;
    ack.source = ModuleId("sender");
    ack.correlation_id = MessageId(id);
    ack.type = type;
    ack.status = status;
    ack.attempt = attempt;
    return ToText(core_->OnAck(ack, now_));
  }
  std::string HearsCancel(const std::string& id = "m1", Attempt attempt = 1) {
    return Hears(AckType::kCancel, Status::kUnspecified, id, attempt);
  }
  std::string Holds(Duration hold, const std::string& id = "m1") {
    return ToText(core_->OnHandlerHeld(Key(id), hold, now_));
  }
  std::string Starts(const std::string& id = "m1", const HandlerStart& start = {}) {
    return ToText(core_->OnHandlerStarted(Key(id), start, now_));
  }
  std::string Announces(const std::string& id = "m1") { return Starts(id, {.announce = true}); }
  std::string GetsTo(std::uint32_t percent, const std::string& id = "m1") {
    HandlerProgress progress;
    progress.percent = percent;
    return ToText(core_->OnHandlerProgress(Key(id), progress, now_));
  }
  std::string EndsWith(const HandlerEnd& end, const std::string& id = "m1") {
    return ToText(core_->OnHandlerEnded(Key(id), end, now_));
  }
  std::string Stops(const std::string& id = "m1") {
    return ToText(core_->OnHandlerStopped(Key(id), now_));
  }
  // The process ends and another begins: with the images of a store if the
  // target is DURABLE, with nothing if not. `away` passes between the two.
  std::string Restarts(Duration away = Duration{0}) {
    std::map<MessageKey, WorkImage> images;
    for (const RecordView& record : core_->Records()) {
      const WorkImage image = *core_->Image(record.key);
      images.insert_or_assign(image.name, image);
    }
    now_ += away;
    Begin();
    if (config_.profile != Profile::kDurable) {
      return "";
    }
    std::vector<WorkImage> kept;
    for (const auto& [name, image] : images) {
      kept.push_back(image);
    }
    return ToText(core_->Restore(kept, now_));
  }
  std::string Waits(Duration duration) {
    std::string text;
    LetPass(*core_, now_, duration, [&](const Effects& effects) { text += ToText(effects); });
    return text;
  }
  // Lets time pass up to the last instant, with its timers still pending.
  void WaitsShortOfTimers(Duration duration) {
    const Instant end = now_ + duration;
    Waits(duration - Duration{1});
    now_ = end;
  }
  std::string State(const std::string& id = "m1") const {
    const std::optional<RecordView> record = core_->Find(Key(id));
    return record ? Word(record->state) : "NONE";
  }
  std::uint32_t Executions(const std::string& id) const {
    return core_->Find(Key(id))->execution_count;
  }

 private:
  static MessageKey Key(const std::string& id) { return {ModuleId("sender"), MessageId(id)}; }
  static MessageIn Message(const std::string& id, Attempt attempt, Duration ttl,
                           const std::string& key, const std::string& source) {
    MessageIn message;
    message.source = ModuleId(source);
    message.id = MessageId(id);
    message.key = IdempotencyKey(key);
    message.attempt = attempt;
    message.ttl = ttl;
    return message;
  }
  void Begin() {
    if (config_.profile != Profile::kDurable || !core_) {
      config_.began = now_;
    }
    core_ = std::make_unique<Target>(ModuleId("target"), config_);
  }

  TargetConfig config_;
  Instant now_ = AtMs(0);
  std::unique_ptr<Target> core_;
};

}  // namespace cmb::lifecycle::testing
