// For every event of spec/machines/sender.yaml: how m1 comes to the state in
// which the event finds it, and how the event is applied. Header-only; used by
// tests alone.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "reference/lifecycle/testing/sender_story.h"

namespace cmb::lifecycle::testing {

// How m1 comes to its state before the event.
struct Setting {
  std::uint32_t max_retries = 3;
  AckType required_ack = AckType::kExecutionAck;
  bool second_attempt = false;  // Attempt 1 went unanswered.
  bool retry_waits = false;
  bool long_phases = false;  // The life ends before every phase timer.
  bool cancelled = false;    // A CANCEL was sent in TIMEOUT_ABORT.
  bool cancels = false;      // router_ack is short, so that a CANCEL is repeated.
  bool after_window = false;
  bool by_required_ack = false;
  bool provisional = false;  // COMPLETED_FAILURE by the router's word alone.
  bool proven = false;       // Certainty NOT_EXECUTED.
  bool circuit_open = false;
  Profile profile = Profile::kDurable;
};

struct Row {
  Setting setting;
  // Null: the event only follows another one in the same step.
  std::function<std::string(SenderStory&)> apply;
};

inline SenderConfig ConfigOf(const Setting& setting) {
  SenderConfig config;
  config.profile = setting.profile;
  config.circuit_breaker = setting.circuit_open;
  return config;
}

inline Setting Retries(std::uint32_t max_retries) {
  Setting setting;
  setting.max_retries = max_retries;
  return setting;
}
inline Setting Waiting() {
  Setting setting;
  setting.retry_waits = true;
  return setting;
}
inline Setting Requires(AckType required) {
  Setting setting;
  setting.required_ack = required;
  return setting;
}
inline Setting AfterWindow() {
  Setting setting;
  setting.after_window = true;
  return setting;
}
inline Setting Provisional() {
  Setting setting;
  setting.provisional = true;
  return setting;
}
inline Setting Proven() {
  Setting setting;
  setting.proven = setting.cancelled = true;
  return setting;
}
inline Setting CompletedEarly() {
  Setting setting;
  setting.required_ack = AckType::kRouterAck;
  setting.by_required_ack = true;
  return setting;
}

inline void EndByLife(SenderStory& sender, const Setting& setting) {
  if (setting.cancelled) {
    sender.Cancels();
  } else {
    if (setting.cancels) {
      sender.Hears(RouterAck(50));
    }
    sender.Waits(300 * kSecond);
  }
  if (setting.proven) {
    AckIn proof = DeliveryFailure(ErrorCode::kCancelled);
    proof.never_forwarded = true;
    sender.Hears(proof);
  }
}

inline void Fail(SenderStory& sender, const Setting& setting) {
  if (setting.proven) {
    sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  } else if (setting.provisional || setting.after_window) {
    sender.Hears(DeliveryFailure(ErrorCode::kAgentShutdown));
  } else {
    sender.Hears(Failure(ErrorCode::kInterrupted, 50));
  }
}

// Takes m1 to the state. Its ACKs answer attempt 50, so that the event's own
// ACK was never judged before.
inline void Take(SenderStory& sender, const std::string& state, const Setting& setting) {
  if (setting.circuit_open) {
    sender.Sends("m0");
    AckIn shutdown = Failure(ErrorCode::kAgentShutdown);
    shutdown.correlation_id = MessageId("m0");
    sender.Hears(shutdown);
  }
  if (state == "IDLE") {
    return;
  }
  DeliveryPolicy policy = PolicyWithRetries(setting.max_retries);
  policy.required_ack = setting.required_ack;
  if (setting.long_phases || state == "TIMEOUT_ABORT") {
    policy.delivery_ack = policy.execution = 400 * kSecond;
    policy.router_ack = setting.cancelled || setting.cancels ? kSecond : 400 * kSecond;
  }
  sender.Sends("m1", policy);
  if (setting.second_attempt) {
    sender.Waits(2 * kSecond);
  }
  if (setting.retry_waits) {
    sender.Waits(kSecond);
  }
  if (state == "ROUTED") {
    sender.Hears(RouterAck(50));
  } else if (state == "DELIVERED") {
    sender.Hears(DeliveryAck(50));
  } else if (state == "EXECUTING") {
    sender.Hears(Held(Duration{0}));
  } else if (state == "COMPLETED_SUCCESS") {
    sender.Hears(setting.by_required_ack ? RouterAck(50) : Success(50));
  } else if (state == "COMPLETED_FAILURE") {
    Fail(sender, setting);
  } else if (state == "TIMEOUT_ABORT") {
    EndByLife(sender, setting);
  }
  if (setting.after_window) {
    sender.Waits(300 * kSecond + Duration{1});
  }
  ASSERT_EQ(sender.State(), state);
}

inline Row Hear(Setting setting, AckIn ack) {
  return {setting, [ack](SenderStory& sender) { return sender.Hears(ack); }};
}

// Until something happens.
inline std::string WaitsForTimer(SenderStory& sender) {
  const Timer next = sender.core().NextTimer(TimerClass::kProtocol).value();
  return sender.Waits(next.deadline - sender.now());
}

inline void AddActs(std::map<std::string, Row>& rows) {
  rows["SEND"] = {{}, [](SenderStory& s) { return s.Sends("m1"); }};
  rows["SEND [ttl 0]"] = {{}, [](SenderStory& s) { return s.Sends("m1", {}, Duration{0}); }};
  Setting circuit;
  circuit.circuit_open = true;
  rows["SEND [circuit open]"] = {circuit, [](SenderStory& s) { return s.Sends("m1"); }};
  rows["circuit is open"] = {};
  Setting cancels;
  cancels.cancels = true;
  rows["CANCEL by the application"] = {cancels, [](SenderStory& s) { return s.Cancels(); }};
  Setting cancelled;
  cancelled.cancelled = true;
  rows["CANCEL by the application [CANCEL sent]"] = {cancelled,
                                                     [](SenderStory& s) { return s.Cancels(); }};
  rows["cancel timer"] = {cancelled, WaitsForTimer};
  rows["phase timer [budget left]"] = {{}, WaitsForTimer};
  rows["phase timer [budget spent]"] = {Retries(0), WaitsForTimer};
  rows["backoff ends"] = {Waiting(), WaitsForTimer};
  Setting long_phases;
  long_phases.long_phases = true;
  rows["TTL ends"] = {long_phases, WaitsForTimer};
  rows["record expires"] = {{},
                            [](SenderStory& s) { return s.Waits(360 * kSecond + Duration{1}); }};
}

inline void AddRestarts(std::map<std::string, Row>& rows) {
  Setting forgetful;
  forgetful.profile = Profile::kTracked;
  const auto restarts = [](SenderStory& s) { return s.Restarts(); };
  rows["restart [DURABLE]"] = {{}, restarts};
  rows["restart [not DURABLE]"] = {forgetful, restarts};
}

inline void AddRouterAcks(std::map<std::string, Row>& rows) {
  const ErrorCode for_now = ErrorCode::kBufferFull;
  const ErrorCode for_good = ErrorCode::kPermissionDenied;
  Setting second;
  second.second_attempt = true;
  rows["ROUTER_ACK/SUCCESS [required_ack later]"] = Hear({}, RouterAck());
  rows["ROUTER_ACK/SUCCESS [required_ack met]"] = Hear(Requires(AckType::kRouterAck), RouterAck());
  rows["ROUTER_ACK/REJECTED [retryable, retry waits]"] = Hear(Waiting(), RouterRejection(for_now));
  rows["ROUTER_ACK/REJECTED [retryable, budget left]"] = Hear({}, RouterRejection(for_now));
  rows["ROUTER_ACK/REJECTED [final, every attempt rejected]"] = Hear({}, RouterRejection(for_good));
  rows["ROUTER_ACK/REJECTED [final, some attempt not rejected]"] = {
      second, [for_good](SenderStory& s) {
        const Attempt current = s.core().size() == 0 ? 1 : s.Record().attempt;
        return s.Hears(RouterRejection(for_good, current));
      }};
  rows["DELIVERY_ACK/SUCCESS [required_ack later]"] = Hear({}, DeliveryAck());
  rows["DELIVERY_ACK/SUCCESS [required_ack met]"] =
      Hear(Requires(AckType::kDeliveryAck), DeliveryAck());
  rows["DELIVERY_ACK/FAILURE [retryable, retry waits]"] = Hear(Waiting(), DeliveryFailure(for_now));
  rows["DELIVERY_ACK/FAILURE [retryable, budget left]"] = Hear({}, DeliveryFailure(for_now));
  rows["DELIVERY_ACK/FAILURE [final]"] = Hear({}, DeliveryFailure(for_good));
  rows["DELIVERY_ACK/FAILURE [completed by required_ack]"] =
      Hear(CompletedEarly(), DeliveryFailure(for_good));
  rows["TIMEOUT [completed by required_ack]"] = Hear(CompletedEarly(), RouterTimeout());
  Setting cancelled;
  cancelled.cancelled = true;
  AckIn proof = DeliveryFailure(ErrorCode::kCancelled);
  proof.never_forwarded = true;
  rows["DELIVERY_ACK/FAILURE CANCELLED [answers a CANCEL, never_forwarded]"] =
      Hear(cancelled, proof);
  rows["TIMEOUT [retry waits]"] = Hear(Waiting(), RouterTimeout());
  rows["TIMEOUT [budget left]"] = Hear({}, RouterTimeout());
  rows["TIMEOUT [budget spent]"] = Hear(Retries(0), RouterTimeout());
}

inline void AddTargetAcks(std::map<std::string, Row>& rows) {
  const Setting early = Requires(AckType::kDeliveryAck);
  rows["EXECUTION_ACK/IN_PROGRESS [required_ack later]"] = Hear({}, InProgress());
  rows["EXECUTION_ACK/IN_PROGRESS [required_ack met]"] = Hear(early, InProgress());
  rows["PROGRESS_ACK [required_ack later]"] = Hear({}, Progress(1));
  rows["PROGRESS_ACK [required_ack met]"] = Hear(early, Progress(1));
  rows["EXECUTION_ACK/SUCCESS"] = Hear({}, Success());
  rows["EXECUTION_ACK/SUCCESS [provisional failure]"] = Hear(Provisional(), Success());
  rows["EXECUTION_ACK/SUCCESS [after window]"] = Hear(AfterWindow(), Success());
  rows["EXECUTION_ACK/SUCCESS [completed by required_ack]"] = {
      CompletedEarly(), [](SenderStory& s) {
        s.Hears(RouterTimeout());  // An alert to be resolved.
        return s.Hears(Success());
      }};
  rows["EXECUTION_ACK/FAILURE"] = Hear({}, Failure());
  rows["EXECUTION_ACK/FAILURE [after window]"] = Hear(AfterWindow(), Failure());
  rows["EXECUTION_ACK/FAILURE [completed by required_ack]"] = Hear(CompletedEarly(), Failure());
  rows["EXECUTION_ACK/REJECTED [retryable, retry waits]"] = Hear(Waiting(), Refusal(true));
  rows["EXECUTION_ACK/REJECTED [retryable, budget left]"] = Hear({}, Refusal(true));
  rows["EXECUTION_ACK/REJECTED [final]"] = Hear({}, Refusal(false));
  rows["EXECUTION_ACK/REJECTED [final, after window]"] = Hear(AfterWindow(), Refusal(false));
  rows["EXECUTION_ACK/REJECTED [final, completed by required_ack]"] =
      Hear(CompletedEarly(), Refusal(false));
}

inline void AddAnomalies(std::map<std::string, Row>& rows) {
  rows["any ACK [disproves]"] = Hear(Proven(), InProgress());
  rows["bad news [stale]"] = Hear({}, RouterTimeout(40));
  rows["any ACK [duplicate]"] = {{}, [](SenderStory& s) {
                                   s.Hears(RouterTimeout(40));
                                   return s.Hears(RouterTimeout(40));
                                 }};
  AckIn forged = Success();
  forged.source = ModuleId("mallory");
  rows["any ACK [unauthorised]"] = Hear({}, forged);
  AckIn strange = Success();
  strange.status = static_cast<Status>(99);
  rows["any ACK [unknown value]"] = Hear({}, strange);
}

inline std::map<std::string, Row> Rows() {
  std::map<std::string, Row> rows;
  AddActs(rows);
  AddRestarts(rows);
  AddRouterAcks(rows);
  AddTargetAcks(rows);
  AddAnomalies(rows);
  return rows;
}

}  // namespace cmb::lifecycle::testing
