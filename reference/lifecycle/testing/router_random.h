// Random copies and ACKs of two sources and one target, for tests that draw what comes to
// the router. Header-only; used by tests alone.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {

inline std::string SourceOf(int whose) { return whose % 2 == 0 ? "sender" : "other"; }

inline MessageIn RandomCopy(int whose, int attempt, int detail) {
  MessageIn message =
      Copy("m" + std::to_string(whose / 2), static_cast<Attempt>(attempt), Duration{detail * 250});
  message.source = ModuleId(SourceOf(whose));
  message.policy.delivery_ack = Duration{2000};
  message.policy.backoff_first = Duration{detail % 3 * 200};
  if (detail == 11) {
    message.schema_version = 2;
  }
  return message;
}

inline AckIn RandomAck(int whose, int which, int attempt, int detail) {
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
  ack.note = detail % 3 == 0 ? "why" : "";
  if (detail == 10) {
    ack.source = ModuleId("mallory");
  }
  return ack;
}

}  // namespace cmb::lifecycle::testing
