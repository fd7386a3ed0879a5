#include "reference/lifecycle/policy.h"

#include <gtest/gtest.h>

#include <limits>

namespace cmb::lifecycle {
namespace {

TEST(PolicyTest, TheDefaultsAreInRange) { EXPECT_FALSE(PolicyFault(DeliveryPolicy{}).has_value()); }

TEST(PolicyTest, EveryRangeIsJudgedAndMended) {
  const auto broken = [](auto harm) {
    DeliveryPolicy policy;
    harm(policy);
    EXPECT_TRUE(PolicyFault(policy).has_value());
    EXPECT_FALSE(PolicyFault(WithinBounds(policy)).has_value());
  };
  broken([](DeliveryPolicy& p) { p.router_ack = Duration{0}; });
  broken([](DeliveryPolicy& p) { p.delivery_ack = kLongestWait + Duration{1}; });
  broken([](DeliveryPolicy& p) { p.execution = Duration{-1}; });
  broken([](DeliveryPolicy& p) { p.max_retries = 101; });
  broken([](DeliveryPolicy& p) { p.backoff_first = kLongestWait + Duration{1}; });
  broken([](DeliveryPolicy& p) { p.backoff_max = kLongestWait + Duration{1}; });
  broken([](DeliveryPolicy& p) { p.backoff_factor = 0.99; });
  broken([](DeliveryPolicy& p) { p.backoff_factor = std::numeric_limits<double>::quiet_NaN(); });
  broken([](DeliveryPolicy& p) { p.required_ack = AckType::kCancel; });
  broken([](DeliveryPolicy& p) { p.retryable.assign(33, ErrorCode::kBufferFull); });
}

// CMB-TMR-002.
TEST(PolicyTest, AFactorThatIsNoNumberBecomesTheDefault) {
  DeliveryPolicy policy;
  policy.backoff_factor = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(WithinBounds(policy).backoff_factor, DeliveryPolicy{}.backoff_factor);
}

TEST(PolicyTest, CodesAreKeptAsTheyAre) {
  EXPECT_EQ(WithinBounds(DeliveryPolicy{}).retryable, DeliveryPolicy{}.retryable);
}

TEST(PolicyTest, AStageThatMayBeRequiredStaysSo) {
  for (const AckType stage : {AckType::kRouterAck, AckType::kDeliveryAck, AckType::kExecutionAck}) {
    DeliveryPolicy policy;
    policy.required_ack = stage;
    EXPECT_EQ(WithinBounds(policy).required_ack, stage);
  }
}

}  // namespace
}  // namespace cmb::lifecycle
