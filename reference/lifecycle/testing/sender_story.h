// A sender core with its clock in hand, for tests that read as a story: every
// line says what happens to it and gives back what it did, as text.
// Header-only; used by tests alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference/lifecycle/sender.h"
#include "reference/lifecycle/testing/next_due.h"
#include "reference/lifecycle/testing/second.h"

namespace cmb::lifecycle::testing {

// The policy that scenarios send in full.
inline DeliveryPolicy BasePolicy() { return DeliveryPolicy{}; }

inline DeliveryPolicy PolicyWithRetries(std::uint32_t max_retries) {
  DeliveryPolicy policy;
  policy.max_retries = max_retries;
  return policy;
}

// An ACK about m1 from whoever may say it to a sender.
inline AckIn AckOf(AckType type, Status status, Attempt attempt = 1,
                   ErrorCode code = ErrorCode::kUnspecified) {
  const bool from_router =
      type == AckType::kRouterAck || type == AckType::kDeliveryAck || type == AckType::kTimeout;
  AckIn ack;
  ack.source = from_router ? kRouterId : ModuleId("target");
  ack.target = ModuleId("sender");
  ack.correlation_id = MessageId("m1");
  ack.type = type;
  ack.status = status;
  ack.attempt = attempt;
  ack.code = code;
  return ack;
}

inline AckIn RouterAck(Attempt attempt = 1) {
  return AckOf(AckType::kRouterAck, Status::kSuccess, attempt);
}
inline AckIn RouterRejection(ErrorCode code, Attempt attempt = 1) {
  return AckOf(AckType::kRouterAck, Status::kRejected, attempt, code);
}
inline AckIn DeliveryAck(Attempt attempt = 1) {
  return AckOf(AckType::kDeliveryAck, Status::kSuccess, attempt);
}
inline AckIn DeliveryFailure(ErrorCode code, Attempt attempt = 1) {
  return AckOf(AckType::kDeliveryAck, Status::kFailure, attempt, code);
}
inline AckIn RouterTimeout(Attempt attempt = 1) {
  return AckOf(AckType::kTimeout, Status::kFailure, attempt, ErrorCode::kAckTimeout);
}
// `number`: its place in the row of the attempt.
inline AckIn InProgress(Attempt attempt = 1, std::uint64_t number = 1) {
  AckIn ack = AckOf(AckType::kExecutionAck, Status::kInProgress, attempt);
  ack.progress_number = number;
  return ack;
}
inline AckIn Held(Duration hold, Attempt attempt = 1, std::uint64_t number = 0) {
  AckIn ack = InProgress(attempt, number);
  ack.hold = hold;
  return ack;
}
inline AckIn Progress(std::uint64_t number, Attempt attempt = 1) {
  AckIn ack = AckOf(AckType::kProgressAck, Status::kInProgress, attempt);
  ack.progress_number = number;
  return ack;
}
inline AckIn Success(Attempt attempt = 1) {
  return AckOf(AckType::kExecutionAck, Status::kSuccess, attempt);
}
inline AckIn Failure(ErrorCode code = ErrorCode::kInternalError, Attempt attempt = 1) {
  return AckOf(AckType::kExecutionAck, Status::kFailure, attempt, code);
}
inline AckIn Refusal(bool retryable, Attempt attempt = 1) {
  AckIn ack =
      AckOf(AckType::kExecutionAck, Status::kRejected, attempt, ErrorCode::kPermissionDenied);
  ack.retryable = retryable;
  return ack;
}

// Of the alert that comes last.
inline std::string AlertText(const Effects& effects) {
  return std::get<AlertEvent>(std::get<EmitEvent>(effects.back()).event).text;
}

class SenderStory {
 public:
  explicit SenderStory(SenderConfig config = {}, std::vector<double> jitter = {1.0})
      : config_(std::move(config)),
        jitter_([jitter = std::move(jitter), drawn = std::size_t{0}]() mutable {
          return jitter[std::min(drawn++, jitter.size() - 1)];
        }),
        core_(std::make_unique<Sender>(ModuleId("sender"), config_, jitter_)) {}

  // Of what is sent from now on.
  std::vector<ChannelName> channels = {};
  IdempotencyKey key;
  std::optional<Duration> reconcile_window = {};

  Sender& core() { return *core_; }
  Instant now() const { return now_; }

  // The process ends, and after `down` another begins: with what a store kept
  // in profile DURABLE, else with nothing.
  std::string Restarts(Duration down = Duration{0}) {
    std::vector<SenderImage> images;
    for (const RecordView& record : core_->Records()) {
      images.push_back(core_->Image(record.key.id).value());
    }
    core_ = std::make_unique<Sender>(ModuleId("sender"), config_, jitter_);
    now_ += down;
    return config_.profile == Profile::kDurable ? ToText(core_->Restore(std::move(images), now_))
                                                : "";
  }

  std::string Sends(const std::string& id, DeliveryPolicy policy = {},
                    Duration ttl = Duration{300000}) {
    Outgoing outgoing;
    outgoing.channels = channels;
    outgoing.key = key;
    outgoing.reconcile_window = reconcile_window;
    outgoing.id = MessageId(id);
    outgoing.target = ModuleId("target");
    outgoing.channel = ChannelName("main");
    outgoing.ttl = ttl;
    outgoing.policy = std::move(policy);
    const auto result = core_->Send(outgoing, now_);
    if (const auto* refusal = std::get_if<SendRefusal>(&result)) {
      return "refused " + Word(refusal->code) + "\n";
    }
    return ToText(std::get<Effects>(result));
  }
  std::string Hears(const AckIn& ack) { return ToText(core_->OnAck(ack, now_)); }
  std::string Cancels(const std::string& id = "m1") {
    return ToText(core_->Cancel(MessageId(id), now_));
  }

  // Lets time pass; every timer fires at its own instant.
  std::string Waits(Duration duration) {
    std::string text;
    LetPass(*core_, now_, duration, [&](const Effects& effects) { text += ToText(effects); });
    return text;
  }

  // Lets time pass up to the last instant, with its timers still pending.
  std::string WaitsShortOfTimers(Duration duration) {
    const Instant end = now_ + duration;
    std::string text = Waits(duration - Duration{1});
    now_ = end;
    return text;
  }

  RecordView Record(const std::string& id = "m1") const {
    return core_->Find(MessageId(id)).value();
  }
  std::string State(const std::string& id = "m1") const { return Word(Record(id).state); }

  // The remaining time of the protocol timers of m1, by kind.
  std::string TimersLeft() const {
    std::string text;
    for (const Timer& timer : core_->Timers()) {
      if (ClassOf(timer.kind) == TimerClass::kProtocol) {
        text += Word(timer.kind) + " " + std::to_string((timer.deadline - now_).count()) + "\n";
      }
    }
    return text;
  }

 private:
  SenderConfig config_;
  JitterSource jitter_;
  std::unique_ptr<Sender> core_;
  Instant now_ = AtMs(0);
};

}  // namespace cmb::lifecycle::testing
