// The small values of the shell: clock, ids, jitter, order of timers, policies.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "reference/shell/clock.h"
#include "reference/shell/from_wire.h"
#include "reference/shell/id_source.h"
#include "reference/shell/jitter.h"
#include "reference/shell/timer_source.h"

namespace cmb::reference {
namespace {

using lifecycle::TimerKind;

lifecycle::Timer At(std::int64_t ms, TimerKind kind) { return {{}, kind, lifecycle::AtMs(ms)}; }

TEST(ManualClock, AWallJumpLeavesTheMonotonicClockAlone) {
  ManualClock clock;
  clock.SetWallBaseMs(1000);
  clock.SetNowMs(50);
  clock.JumpWallMs(-300);
  EXPECT_EQ(clock.NowMs(), 50u);
  EXPECT_EQ(clock.WallMs(), 750u);
}

TEST(RealClock, DoesNotGoBack) {
  const RealClock clock;
  const auto before = clock.NowMs();
  EXPECT_GE(clock.NowMs(), before);
}

TEST(IdSource, ARefusedIdIsGivenAgain) {
  IdSource ids("p-");
  EXPECT_EQ(ids.Next(), "p-1");
  EXPECT_EQ(ids.Next(), "p-1");
  ids.Take();
  EXPECT_EQ(ids.Next(), "p-2");
}

// Two of the same number would make one message of two: CMB-DUR-011 says 122 bits.
TEST(IdSource, RandomPrefixesHaveEnoughBitsAndDiffer) {
  std::set<std::string> prefixes;
  std::set<char> digits;
  for (int i = 0; i < 100; ++i) {
    const std::string prefix = RandomIdPrefix();
    EXPECT_GE(5 * (prefix.size() - 1), 122u) << prefix;
    prefixes.insert(prefix);
    digits.insert(prefix.begin(), prefix.end());
  }
  EXPECT_EQ(prefixes.size(), 100u);
  EXPECT_EQ(digits.size(), 32u + 1u);  // Each is worth 5 bits; and the dash.
}

TEST(Jitter, TheLastListedFactorRepeats) {
  const auto jitter = ListedJitter({0.5, 1.5});
  EXPECT_EQ(jitter(), 0.5);
  EXPECT_EQ(jitter(), 1.5);
  EXPECT_EQ(jitter(), 1.5);
}

TEST(Jitter, DrawnFactorsStayInsideAndRepeatWithTheirSeed) {
  const auto one = DrawnJitter(7);
  const auto two = DrawnJitter(7);
  for (int i = 0; i < 100; ++i) {
    const double factor = one();
    EXPECT_EQ(factor, two());
    EXPECT_GE(factor, 0.5);
    EXPECT_LE(factor, 1.5);
  }
}

TEST(FiresBefore, TheEarlierDeadlineThenTheTtlThenTheFirstAsked) {
  EXPECT_TRUE(FiresBefore(At(1, TimerKind::kBackoff), At(2, TimerKind::kTtl)));
  EXPECT_TRUE(FiresBefore(At(2, TimerKind::kTtl), At(2, TimerKind::kHandler)));
  EXPECT_FALSE(FiresBefore(At(2, TimerKind::kHandler), At(2, TimerKind::kTtl)));
  EXPECT_FALSE(FiresBefore(At(2, TimerKind::kHandler), At(2, TimerKind::kBackoff)));
  EXPECT_TRUE(FiresBefore(At(2, TimerKind::kHandler), std::nullopt));
  EXPECT_FALSE(FiresBefore(std::nullopt, At(2, TimerKind::kHandler)));
}

TEST(PolicyFromWire, AbsentFieldsAreTheDefaults) {
  const auto policy = PolicyFromWire({});
  const lifecycle::DeliveryPolicy defaults;
  EXPECT_EQ(policy.router_ack, defaults.router_ack);
  EXPECT_EQ(policy.max_retries, defaults.max_retries);
  EXPECT_EQ(policy.backoff_factor, defaults.backoff_factor);
  EXPECT_EQ(policy.required_ack, defaults.required_ack);
  EXPECT_EQ(policy.retryable, defaults.retryable);
}

TEST(PolicyFromWire, AZeroThatIsSaidIsNotAbsent) {
  ack::v1::DeliveryPolicy wire;
  wire.set_max_retries(0);
  wire.set_backoff_first_ms(0);
  wire.set_backoff_max_ms(0);
  const auto policy = PolicyFromWire(wire);
  EXPECT_EQ(policy.max_retries, 0u);
  EXPECT_EQ(policy.backoff_first.count(), 0);
  EXPECT_EQ(policy.backoff_max.count(), 0);
}

TEST(PolicyFromWire, GivenCodesReplaceTheDefaultOnes) {
  ack::v1::DeliveryPolicy wire;
  wire.add_retryable(ack::v1::ERROR_CODE_NO_ROUTE);
  EXPECT_EQ(PolicyFromWire(wire).retryable,
            std::vector<lifecycle::ErrorCode>{lifecycle::ErrorCode::kNoRoute});
}

// CMB-VER-005.
TEST(PolicyFromWire, CodesThatAreNotKnownAreNeverRetryable) {
  ack::v1::DeliveryPolicy wire;
  wire.add_retryable(ack::v1::ERROR_CODE_UNSPECIFIED);
  wire.add_retryable(static_cast<ack::v1::ErrorCode>(777));
  EXPECT_TRUE(PolicyFromWire(wire).retryable.empty());
}

}  // namespace
}  // namespace cmb::reference
