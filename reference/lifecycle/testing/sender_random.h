// Random ACKs and policies, for tests that draw what comes to the sender. Header-only;
// used by tests alone.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reference/lifecycle/testing/sender_story.h"
#include "reference/lifecycle/testing/sender_witness.h"

namespace cmb::lifecycle::testing {

inline AckIn RandomAckOf(int which, int attempt, int detail) {
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
  ack.note = detail % 3 == 0 ? "why" : "";
  ack.never_forwarded = detail % 3 == 0;
  if (detail % 5 == 0) {
    ack.hold = Duration{detail * 100};
  }
  if (detail % 4 == 3) {
    ack.memory_ms = detail % 8 == 3 ? UINT64_MAX : 1;
    ack.started = false;
  }
  if (detail == 11) {
    ack.source = ModuleId("mallory");
  }
  return ack;
}

inline DeliveryPolicy ShortPolicy(int detail) {
  DeliveryPolicy policy = PolicyWithRetries(kMaxRetries);
  policy.router_ack = Duration{100};
  policy.delivery_ack = Duration{300};
  policy.execution = Duration{900};
  policy.backoff_first = Duration{detail % 3 * 100};
  const AckType required[] = {AckType::kExecutionAck, AckType::kDeliveryAck, AckType::kRouterAck};
  policy.required_ack = required[detail % 3];
  return policy;
}

}  // namespace cmb::lifecycle::testing
