#include "reference/lifecycle/backoff.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cmb::lifecycle {
namespace {

TEST(BackoffTest, DoublesUpToTheMaximum) {
  const DeliveryPolicy policy;  // 1 s, factor 2, at most 30 s.
  EXPECT_EQ(BackoffWait(policy, 1, 1.0), Duration{1000});
  EXPECT_EQ(BackoffWait(policy, 2, 1.0), Duration{2000});
  EXPECT_EQ(BackoffWait(policy, 5, 1.0), Duration{16000});
  EXPECT_EQ(BackoffWait(policy, 6, 1.0), Duration{30000});
  EXPECT_EQ(BackoffWait(policy, 100, 1.0), Duration{30000});
}

TEST(BackoffTest, JitterMayExceedTheMaximum) {
  EXPECT_EQ(BackoffWait(DeliveryPolicy{}, 6, 1.5), Duration{45000});
}

TEST(BackoffTest, RoundsAHalfUp) {
  DeliveryPolicy policy;
  policy.backoff_first = Duration{3};
  EXPECT_EQ(BackoffWait(policy, 1, 0.5), Duration{2});  // 1.5
  EXPECT_EQ(BackoffWait(policy, 1, 0.8), Duration{2});  // 2.4
}

TEST(BackoffTest, FactorOneStaysWhereItIs) {
  DeliveryPolicy policy;
  policy.backoff_factor = 1.0;
  EXPECT_EQ(BackoffWait(policy, 100, 1.0), Duration{1000});
}

TEST(BackoffTest, FirstOfZeroNeverWaits) {
  DeliveryPolicy policy;
  policy.backoff_first = Duration{0};
  EXPECT_EQ(BackoffWait(policy, 7, 1.5), Duration{0});
  EXPECT_EQ(BackoffWait(policy, 1025, 1.5),
            Duration{0});  // 2^1024 is no number: 0 times it neither.
  policy.backoff_first = Duration{1};
  EXPECT_EQ(BackoffWait(policy, 7, 1.0), Duration{64});
}

TEST(BackoffTest, AFactorOutsideTheRangeIsBroughtInside) {
  EXPECT_EQ(NextBackoff(DeliveryPolicy{}, 1, [] { return 7.0; }), Duration{1500});
  EXPECT_EQ(NextBackoff(DeliveryPolicy{}, 1, [] { return -1.0; }), Duration{500});
  EXPECT_EQ(NextBackoff(DeliveryPolicy{}, 1, nullptr), Duration{1000});
}

RC_GTEST_PROP(BackoffProperty, StaysWithinItsBounds, ()) {
  DeliveryPolicy policy;
  policy.backoff_first = Duration{*rc::gen::inRange(0, 604800000)};
  policy.backoff_max = Duration{*rc::gen::inRange(0, 604800000)};
  policy.backoff_factor = 1.0 + *rc::gen::inRange(0, 900) / 100.0;
  const auto n = static_cast<std::uint32_t>(*rc::gen::inRange(1, 101));
  const double jitter = 0.5 + *rc::gen::inRange(0, 1001) / 1000.0;
  const Duration wait = BackoffWait(policy, n, jitter);
  RC_ASSERT(wait >= Duration{0});
  RC_ASSERT(wait.count() <= static_cast<double>(policy.backoff_max.count()) * 1.5 + 1);
  RC_ASSERT(BackoffWait(policy, n + 1, jitter) >= wait);
}

}  // namespace
}  // namespace cmb::lifecycle
