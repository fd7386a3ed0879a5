#include "reference/lifecycle/policy.h"

#include <algorithm>

namespace cmb::lifecycle {

namespace {

constexpr Duration kShortestPhase{1};
constexpr Duration kNoWait{0};

bool IsBetween(Duration value, Duration lowest, Duration highest) {
  return value >= lowest && value <= highest;
}

bool IsPhase(Duration value) { return IsBetween(value, kShortestPhase, kLongestWait); }

}  // namespace

std::optional<std::string> PolicyFault(const DeliveryPolicy& policy) {
  if (!IsPhase(policy.router_ack) || !IsPhase(policy.delivery_ack) || !IsPhase(policy.execution)) {
    return "a phase timer is outside 1 ms to 7 days";
  }
  if (policy.max_retries > kMostRetries) {
    return "max_retries is above 100";
  }
  if (!IsBetween(policy.backoff_first, kNoWait, kLongestWait) ||
      !IsBetween(policy.backoff_max, kNoWait, kLongestWait)) {
    return "a backoff is outside 0 ms to 7 days";
  }
  // Written so that a factor that is no number fails too.
  if (!(policy.backoff_factor >= kLowestBackoffFactor &&
        policy.backoff_factor <= kHighestBackoffFactor)) {
    return "backoff_factor is outside 1.0 to 10.0";
  }
  if (policy.required_ack != AckType::kRouterAck && policy.required_ack != AckType::kDeliveryAck &&
      policy.required_ack != AckType::kExecutionAck) {
    return "required_ack is none of ROUTER_ACK, DELIVERY_ACK, EXECUTION_ACK";
  }
  if (policy.retryable.size() > kMostRetryableCodes) {
    return "retryable holds more than 32 codes";
  }
  return std::nullopt;
}

DeliveryPolicy WithinBounds(DeliveryPolicy policy) {
  for (Duration* phase : {&policy.router_ack, &policy.delivery_ack, &policy.execution}) {
    *phase = std::clamp(*phase, kShortestPhase, kLongestWait);
  }
  policy.max_retries = std::min(policy.max_retries, kMostRetries);
  policy.backoff_first = std::clamp(policy.backoff_first, kNoWait, kLongestWait);
  policy.backoff_max = std::clamp(policy.backoff_max, kNoWait, kLongestWait);
  const bool is_number = policy.backoff_factor == policy.backoff_factor;
  policy.backoff_factor =
      is_number ? std::clamp(policy.backoff_factor, kLowestBackoffFactor, kHighestBackoffFactor)
                : DeliveryPolicy{}.backoff_factor;  // CMB-TMR-002.
  if (policy.required_ack != AckType::kRouterAck && policy.required_ack != AckType::kDeliveryAck) {
    policy.required_ack = AckType::kExecutionAck;
  }
  policy.retryable.resize(std::min(policy.retryable.size(), kMostRetryableCodes));
  return policy;
}

}  // namespace cmb::lifecycle
