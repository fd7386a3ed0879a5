// A router core with its clock and its wire in hand, for tests that read as a
// story. Forwards reach every module that is not in `absent`. Header-only; used
// by tests alone.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
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
  message.source = ModuleId("sender");
  message.id = MessageId(id);
  message.targets = {ModuleId("target")};
  message.channel = ChannelName("main");
  message.came_on = ChannelName("main");
  message.attempt = attempt;
  message.ttl = ttl;
  return message;
}

// An ACK of `source`, addressed to `target`.
inline AckIn AckFrom(const std::string& source, const std::string& target, AckType type,
                     Status status, Attempt attempt = 1) {
  AckIn ack;
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
      : config_(std::move(config)),
        jitter_([jitter = std::move(jitter), drawn = std::size_t{0}]() mutable {
          return jitter[std::min(drawn++, jitter.size() - 1)];
        }),
        core_(std::make_unique<Router>(config_, jitter_)) {}

  // The process ends, and after `down` another begins: with what a store kept
  // in profile DURABLE, else with nothing.
  // `harm`: what became of each image meanwhile.
  std::string Restarts(
      Duration down = Duration{0},
      const std::function<void(RouterImage&)>& harm = [](RouterImage&) {}) {
    std::vector<RouterImage> images;
    for (const MessageKey& key : known_) {
      if (std::optional<RouterImage> image = core_->Image(key)) {
        harm(*image);
        images.push_back(*std::move(image));
      }
    }
    core_ = std::make_unique<Router>(config_, jitter_);
    now_ += down;
    return config_.profile == Profile::kDurable ? Carry(core_->Restore(std::move(images), now_))
                                                : "";
  }

  std::set<ModuleId> absent;
  ForwardResult failure = ForwardResult::kNoRoute;

  Router& core() { return *core_; }
  Instant now() const { return now_; }

  std::string Takes(const MessageIn& message) {
    known_.insert({message.source, message.id});
    return Carry(core_->OnMessage(message, now_));
  }
  std::string Hears(const AckIn& ack) {
    known_.insert({ack.source, ack.correlation_id});
    return Carry(core_->OnAck(ack, now_));
  }
  // A module asks that a dead letter be sent once more, as `new_id`.
  std::string Redrives(const std::string& old_id, const std::string& new_id,
                       const std::string& asker = "sender", bool may_repeat = false) {
    const MessageKey letter{ModuleId("sender"), MessageId(old_id)};
    known_.insert({letter.source, MessageId(new_id)});
    return Carry(
        core_->Redrive({ModuleId(asker), letter, MessageId(new_id), nullptr, may_repeat}, now_));
  }

  // The process comes back without the channel of `id`.
  std::string LosesItsChannel(const std::string& id = "m1") {
    return Carry(core_->LoseChannel({ModuleId("sender"), MessageId(id)}, now_));
  }

  // Lets time pass; every timer fires at its own instant.
  std::string Waits(Duration duration) {
    std::string text;
    LetPass(*core_, now_, duration, [&](const Effects& effects) { text += Carry(effects); });
    return text;
  }

  // The message comes, and nine seconds later it is a dead letter.
  void LosesToTheLetters(const std::string& id = "m1") {
    Takes(Copy(id));
    Waits(9 * kSecond);
    Check(State(id) == "DEAD_LETTERED", "nobody said that it had come");
  }

  std::optional<RecordView> Record(const std::string& id = "m1") const {
    return core_->Find({ModuleId("sender"), MessageId(id)});
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
        text += Carry(core_->OnForwardResult(forward->key,
                                             there ? ForwardResult::kHandedOver : failure, now_));
      }
    }
    return text;
  }

 private:
  RouterConfig config_;
  JitterSource jitter_;
  std::unique_ptr<Router> core_;
  std::set<MessageKey> known_;  // What may have an image.
  Instant now_ = AtMs(0);
};

}  // namespace cmb::lifecycle::testing
