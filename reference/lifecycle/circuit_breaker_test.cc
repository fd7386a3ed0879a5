#include "reference/lifecycle/circuit_breaker.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "reference/lifecycle/testing/second.h"

namespace cmb::lifecycle::testing {
namespace {

const ModuleId kTarget("target");

MessageId Id(int n) { return MessageId("m" + std::to_string(n)); }

class CircuitBreakerTest : public ::testing::Test {
 protected:
  void Ends(CircuitOutcome outcome, Instant at) { breaker_.Note(kTarget, Id(0), outcome, at); }
  void Fails(int times, Instant at) {
    for (int n = 0; n < times; ++n) {
      Ends(CircuitOutcome::kFailure, at);
    }
  }
  CircuitState StateAt(Instant at) const { return breaker_.StateOf(kTarget, at); }

  CircuitBreaker breaker_;
};

TEST_F(CircuitBreakerTest, StaysClosedAfterFourFailures) {
  Fails(4, AtMs(0));
  EXPECT_EQ(StateAt(AtMs(0)), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, OpensAtTheFifthFailure) {
  Fails(5, AtMs(0));
  EXPECT_EQ(StateAt(AtMs(0)), CircuitState::kOpen);
  EXPECT_FALSE(breaker_.Admit(kTarget, Id(1), AtMs(29999)));
}

TEST_F(CircuitBreakerTest, CountsTheLastTenOutcomesOnly) {
  Fails(4, AtMs(0));
  for (int n = 0; n < 7; ++n) {
    Ends(CircuitOutcome::kSuccess, AtMs(1));
  }
  Fails(1, AtMs(2));  // Three of ten, and the fourth and fifth:
  EXPECT_EQ(StateAt(AtMs(2)), CircuitState::kClosed);
  Fails(1, AtMs(2));
  EXPECT_EQ(StateAt(AtMs(2)), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, CountsAnOutcomeSixtySecondsOldAndNoneThatIsOlder) {
  Fails(4, AtMs(0));
  CircuitBreaker later = breaker_;
  Fails(1, AtMs(60000));
  EXPECT_EQ(StateAt(AtMs(60000)), CircuitState::kOpen);
  later.Note(kTarget, Id(0), CircuitOutcome::kFailure, AtMs(60001));
  EXPECT_EQ(later.StateOf(kTarget, AtMs(60001)), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, OpensAtOnceWhenTheTargetShutsDown) {
  Ends(CircuitOutcome::kShutdown, AtMs(7));
  EXPECT_EQ(StateAt(AtMs(7)), CircuitState::kOpen);
}

TEST_F(CircuitBreakerTest, IsHalfOpenAfterThirtySecondsAndAdmitsOneProbe) {
  Fails(5, AtMs(0));
  EXPECT_EQ(StateAt(AtMs(29999)), CircuitState::kOpen);
  EXPECT_EQ(StateAt(AtMs(30000)), CircuitState::kHalfOpen);
  EXPECT_TRUE(breaker_.Admit(kTarget, Id(1), AtMs(30000)));
  EXPECT_FALSE(breaker_.Admit(kTarget, Id(2), AtMs(59999)));
}

TEST_F(CircuitBreakerTest, AProbeThatStaysOpenMakesRoomForAnother) {
  Fails(5, AtMs(0));
  breaker_.Admit(kTarget, Id(1), AtMs(30000));
  EXPECT_TRUE(breaker_.Admit(kTarget, Id(2), AtMs(60000)));
  EXPECT_FALSE(breaker_.Admit(kTarget, Id(3), AtMs(60000)));
  breaker_.NoteSign(kTarget, Id(1));  // Each of them is a probe.
  EXPECT_EQ(StateAt(AtMs(60000)), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, ASignOfAProbeClosesItAndOfAnotherDoesNot) {
  Fails(5, AtMs(0));
  breaker_.NoteSign(kTarget, Id(8));
  breaker_.Admit(kTarget, Id(1), AtMs(30000));
  breaker_.NoteSign(kTarget, Id(8));
  EXPECT_EQ(StateAt(AtMs(30000)), CircuitState::kHalfOpen);
  breaker_.NoteSign(kTarget, Id(1));
  EXPECT_EQ(StateAt(AtMs(30000)), CircuitState::kClosed);
  Fails(4, AtMs(30001));
  EXPECT_EQ(StateAt(AtMs(30001)), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, ItsNumbersAreSettings) {
  CircuitBreaker strict({.outcomes = 4, .window = Duration{100}, .failures = 2, .open = kSecond});
  strict.Note(kTarget, Id(0), CircuitOutcome::kFailure, AtMs(0));
  strict.Note(kTarget, Id(0), CircuitOutcome::kFailure, AtMs(101));
  EXPECT_EQ(strict.StateOf(kTarget, AtMs(101)), CircuitState::kClosed);
  strict.Note(kTarget, Id(0), CircuitOutcome::kFailure, AtMs(201));
  EXPECT_EQ(strict.StateOf(kTarget, AtMs(1200)), CircuitState::kOpen);
  EXPECT_EQ(strict.StateOf(kTarget, AtMs(1201)), CircuitState::kHalfOpen);
}

TEST_F(CircuitBreakerTest, HalfOfTheOutcomesMustHaveFailedAndTheLastOfThem) {
  CircuitBreaker breaker({.outcomes = 20, .window = Duration{100}, .failures = 2});
  for (int n = 0; n < 3; ++n) {
    breaker.Note(kTarget, Id(n), CircuitOutcome::kSuccess, AtMs(0));
  }
  for (int n = 0; n < 2; ++n) {
    breaker.Note(kTarget, Id(n), CircuitOutcome::kFailure, AtMs(50));
  }
  EXPECT_EQ(breaker.StateOf(kTarget, AtMs(50)), CircuitState::kClosed);
  breaker.Note(kTarget, Id(9), CircuitOutcome::kSuccess, AtMs(101));
  EXPECT_EQ(breaker.StateOf(kTarget, AtMs(101)), CircuitState::kClosed);
  breaker.Note(kTarget, Id(9), CircuitOutcome::kFailure, AtMs(101));
  EXPECT_EQ(breaker.StateOf(kTarget, AtMs(101)), CircuitState::kOpen);
}

TEST_F(CircuitBreakerTest, TheProbesSuccessClosesItAndForgetsTheOutcomes) {
  Fails(5, AtMs(0));
  breaker_.Admit(kTarget, Id(1), AtMs(30000));
  breaker_.Note(kTarget, Id(1), CircuitOutcome::kSuccess, AtMs(30001));
  EXPECT_EQ(StateAt(AtMs(30001)), CircuitState::kClosed);
  Fails(4, AtMs(30002));
  EXPECT_EQ(StateAt(AtMs(30002)), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, TheProbesFailureOpensItAnew) {
  Fails(5, AtMs(0));
  breaker_.Admit(kTarget, Id(1), AtMs(30000));
  breaker_.Note(kTarget, Id(1), CircuitOutcome::kFailure, AtMs(41000));
  EXPECT_EQ(StateAt(AtMs(70999)), CircuitState::kOpen);
  EXPECT_EQ(StateAt(AtMs(71000)), CircuitState::kHalfOpen);
}

TEST_F(CircuitBreakerTest, WhatWasUnderWayBeforeChangesNothing) {
  Fails(5, AtMs(0));
  breaker_.Note(kTarget, Id(8), CircuitOutcome::kSuccess, AtMs(1));
  EXPECT_EQ(StateAt(AtMs(1)), CircuitState::kOpen);
  breaker_.Admit(kTarget, Id(1), AtMs(30000));
  breaker_.Note(kTarget, Id(8), CircuitOutcome::kShutdown, AtMs(30001));
  EXPECT_EQ(StateAt(AtMs(30001)), CircuitState::kHalfOpen);
  EXPECT_FALSE(breaker_.Admit(kTarget, Id(2), AtMs(30001)));
}

TEST_F(CircuitBreakerTest, ACancelledProbeMakesRoomForAnother) {
  Fails(5, AtMs(0));
  breaker_.Admit(kTarget, Id(1), AtMs(30000));
  breaker_.Abandon(kTarget, Id(1));
  EXPECT_EQ(StateAt(AtMs(30000)), CircuitState::kHalfOpen);
  EXPECT_TRUE(breaker_.Admit(kTarget, Id(2), AtMs(30000)));
}

TEST_F(CircuitBreakerTest, EveryTargetHasItsOwnCircuit) {
  Fails(5, AtMs(0));
  EXPECT_TRUE(breaker_.Admit(ModuleId("other"), Id(1), AtMs(1)));
}

TEST_F(CircuitBreakerTest, ForgetsTargetsThatSayNothingAnyMore) {
  Fails(5, AtMs(0));
  for (int n = 0; n < 100000; ++n) {
    breaker_.Note(ModuleId("t" + std::to_string(n)), Id(0), CircuitOutcome::kSuccess,
                  AtMs(n * 100));
  }
  EXPECT_LT(breaker_.size(), 5000u);
  EXPECT_EQ(StateAt(AtMs(29999)), CircuitState::kOpen);  // What is open is kept.
}

TEST_F(CircuitBreakerTest, HoweverManyTargetsThereAreWhatCountsIsKept) {
  Fails(4, AtMs(0));
  for (int n = 0; n < 2000; ++n) {
    breaker_.Note(ModuleId("t" + std::to_string(n)), Id(0), CircuitOutcome::kSuccess, AtMs(1));
  }
  Fails(1, AtMs(2));
  EXPECT_EQ(StateAt(AtMs(2)), CircuitState::kOpen);
}

RC_GTEST_PROP(CircuitBreakerProperty, NeverAdmitsTwoWithinTheOpenTimeUnlessClosed,
              (const std::vector<std::tuple<std::uint8_t, std::uint8_t, std::uint16_t>>& acts)) {
  CircuitBreaker breaker;
  std::map<int, Instant> probes;  // Admitted while not closed, and not ended.
  std::set<int> open;             // Admitted, and not ended.
  Instant now = AtMs(0);
  int next = 0;
  for (const auto& [act, which, pause] : acts) {
    now += Duration{pause};
    const CircuitState before = breaker.StateOf(kTarget, now);
    if (act % 3 == 0 || open.empty()) {
      const int id = ++next;
      if (breaker.Admit(kTarget, Id(id), now)) {
        RC_ASSERT(before != CircuitState::kOpen);
        open.insert(id);
        if (before == CircuitState::kHalfOpen) {
          for (const auto& [other, sent] : probes) {
            RC_ASSERT(now - sent >= CircuitConfig{}.open);
          }
          probes.emplace(id, now);
        }
      } else {
        RC_ASSERT(before != CircuitState::kClosed);
      }
      continue;
    }
    const auto ended = std::next(open.begin(), which % static_cast<int>(open.size()));
    const int id = *ended;
    open.erase(ended);
    const bool probe = probes.erase(id) == 1;
    if (act % 3 == 1) {
      breaker.Abandon(kTarget, Id(id));
      continue;
    }
    const auto outcome = static_cast<CircuitOutcome>(act / 3 % 3);
    breaker.Note(kTarget, Id(id), outcome, now);
    const CircuitState after = breaker.StateOf(kTarget, now);
    if (probe) {
      probes.clear();  // The others are messages like any other now.
      RC_ASSERT(after == (outcome == CircuitOutcome::kSuccess ? CircuitState::kClosed
                                                              : CircuitState::kOpen));
    } else if (before != CircuitState::kClosed) {
      RC_ASSERT(after == before);
    }
  }
}

}  // namespace
}  // namespace cmb::lifecycle::testing
