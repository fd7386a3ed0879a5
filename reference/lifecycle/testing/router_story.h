// A router core with its clock and its wire in hand, for tests that read as a
// story. Forwards reach every module that is not in `absent`. Header-only; used
// by tests alone.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference/lifecycle/router.h"
#include "reference/lifecycle/testing/next_due.h"
#include "reference/lifecycle/testing/second.h"

namespace cmb::lifecycle::testing {

// A copy of a message of `sender` to `target`, good in every respect.
inline MessageIn Copy(const std::string& id = "m1", Attempt attempt = 1,
                      Duration ttl = Duration{300000}) {
  MessageIn message;
  message.connection = ModuleId("sender");
  message.source = ModuleId("sender");
  message.id = MessageId(id);
  message.targets = {ModuleId("target")};
  message.channel = ChannelName("main");
  message.came_on = ChannelName("main");
  message.attempt = attempt;
  message.ttl = ttl;
  return message;
}

// An ACK of `source` over its own connection, addressed to `target`.
inline AckIn AckFrom(const std::string& source, const std::string& target, AckType type,
                     Status status, Attempt attempt = 1) {
  AckIn ack;
  ack.connection = ModuleId(source);
  ack.source = ModuleId(source);
  ack.target = ModuleId(target);
  ack.correlation_id = MessageId("m1");
  ack.type = type;
  ack.status = status;
  ack.attempt = attempt;
  return ack;
}

inline AckIn Receipt(Attempt attempt = 1) {
  return AckFrom("target", "sender", AckType::kReceipt, Status::kSuccess, attempt);
}
inline AckIn FullTable(Attempt attempt = 1) {
  return AckFrom("target", "sender", AckType::kReceipt, Status::kRejected, attempt);
}
inline AckIn Executed(Status status = Status::kSuccess, Attempt attempt = 1) {
  return AckFrom("target", "sender", AckType::kExecutionAck, status, attempt);
}
inline AckIn Progressing(Attempt attempt = 1) {
  return AckFrom("target", "sender", AckType::kProgressAck, Status::kInProgress, attempt);
}
inline AckIn Cancel(Attempt attempt = 1) {
  return AckFrom("sender", "target", AckType::kCancel, Status::kUnspecified, attempt);
}
inline AckIn GivesUp(Attempt attempt = 1) {
  return AckFrom("sender", "@router", AckType::kTimeout, Status::kFailure, attempt);
}

class RouterStory {
 public:
  explicit RouterStory(RouterConfig config = {}, std::vector<double> jitter = {1.0})
      : core_(std::move(config), [jitter, drawn = std::size_t{0}]() mutable {
          return jitter[std::min(drawn++, jitter.size() - 1)];
        }) {}

  std::set<ModuleId> absent;
  ForwardResult failure = ForwardResult::kNoRoute;

  Router& core() { return core_; }
  Instant now() const { return now_; }

  std::string Takes(const MessageIn& message) { return Carry(core_.OnMessage(message, now_)); }
  std::string Hears(const AckIn& ack) { return Carry(core_.OnAck(ack, now_)); }

  // Lets time pass; every timer fires at its own instant.
  std::string Waits(Duration duration) {
    const Instant end = now_ + duration;
    std::string text;
    for (std::optional<Timer> next = NextDue(core_, end); next; next = NextDue(core_, end)) {
      now_ = std::max(now_, next->deadline);
      text += Carry(core_.FireNext(now_, ClassOf(next->kind)).value());
    }
    now_ = end;
    return text;
  }

  std::optional<RecordView> Record(const std::string& id = "m1") const {
    return core_.Find({ModuleId("sender"), MessageId(id)});
  }
  std::string State(const std::string& id = "m1") const {
    const std::optional<RecordView> record = Record(id);
    return record ? Word(record->state) : "NONE";
  }

  // What the shell does: a forward's result comes back before the next effect.
  std::string Carry(const Effects& effects) {
    std::string text;
    for (const Effect& effect : effects) {
      text += ToText(effect) + "\n";
      if (const auto* forward = std::get_if<ForwardMessage>(&effect)) {
        const bool there = !absent.contains(forward->target);
        text += Carry(core_.OnForwardResult(forward->key,
                                            there ? ForwardResult::kHandedOver : failure, now_));
      }
    }
    return text;
  }

 private:
  Router core_;
  Instant now_ = AtMs(0);
};

}  // namespace cmb::lifecycle::testing
