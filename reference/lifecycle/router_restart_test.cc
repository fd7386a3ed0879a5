// A router that ends and begins again with what a store kept of it: no record,
// mark or timer is another, whatever had happened before.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "reference/lifecycle/testing/drawn_acts.h"
#include "reference/lifecycle/testing/router_story.h"
#include "reference/lifecycle/testing/router_traffic.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(RouterRestartTest, AMessageIsDeliveredAfterIt) {
  RouterStory router;
  router.Takes(Copy());
  router.Restarts();
  EXPECT_EQ(router.Waits(Duration{999}), "");  // Nothing because of the restart itself.
  EXPECT_NE(router.Waits(Duration{1}).find("forward MESSAGE m1 attempt=1 ttl=299000 delivery=2"),
            std::string::npos);
}

TEST(RouterRestartTest, ARedeliveryThatPassedMeanwhileIsMadeOnce) {
  RouterStory router;
  router.Takes(Copy());
  router.Restarts(6 * kSecond);  // Waits 1, 2, … would have ended at 1 s, 3 s.
  const std::string text = router.Waits(Duration{0});
  EXPECT_NE(text.find("delivery=2"), std::string::npos);
  EXPECT_EQ(text.find("delivery=3"), std::string::npos);
}

TEST(RouterRestartTest, APhaseThatPassedMeanwhilePrecedesTheRedelivery) {
  RouterStory router;
  router.Takes(Copy());
  router.Restarts(20 * kSecond);
  const std::string text = router.Waits(Duration{0});
  EXPECT_EQ(text.find("forward"), std::string::npos);
  EXPECT_NE(text.find("ack TIMEOUT/FAILURE ACK_TIMEOUT m1"), std::string::npos);
}

TEST(RouterRestartTest, ALifeThatEndedMeanwhilePrecedesBoth) {
  RouterStory router;
  router.Takes(Copy("m1", 1, 5 * kSecond));
  router.Restarts(20 * kSecond);
  EXPECT_NE(router.Waits(Duration{0}).find("ack TIMEOUT/FAILURE TTL_EXPIRED m1"),
            std::string::npos);
}

TEST(RouterRestartTest, ACopyIsAnsweredFromTheStoredTerminal) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Executed());
  router.Restarts();
  EXPECT_NE(router.Takes(Copy("m1", 2)).find("forward EXECUTION_ACK/SUCCESS m1 attempt=1"),
            std::string::npos);
}

TEST(RouterRestartTest, ABareClosedMarkStillDropsTheMessage) {
  RouterStory router;
  router.Hears(Cancel(1));
  router.Restarts();
  EXPECT_NE(router.Takes(Copy()).find("anomaly CLOSED_ATTEMPT"), std::string::npos);
}

TEST(RouterRestartTest, AMarkIsNoYoungerThanTheProcess) {
  RouterStory before;
  before.Hears(Cancel(1));
  RouterConfig config;
  config.max_latency = kSecond;  // Was 30 s.
  Router after(config, nullptr);
  after.Restore({before.core().Image({ModuleId("sender"), MessageId("m1")}).value()}, AtMs(0));
  EXPECT_EQ(after.NextTimer(TimerClass::kHousekeeping)->deadline, AtMs(2001));
}

TEST(RouterRestartTest, ProofOfAbsenceSurvives) {
  RouterStory router;
  router.absent = {ModuleId("target")};
  router.Takes(Copy());
  router.Restarts();
  EXPECT_NE(router.Hears(Cancel(1)).find("never_forwarded"), std::string::npos);
}

TEST(RouterRestartTest, WhatIsForwardedAgainEndsBeforeItIsForgotten) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Receipt());
  router.Takes(Copy("m1", 2));
  router.Restarts(1000 * kSecond);
  EXPECT_EQ(router.Waits(Duration{0}), "ack TIMEOUT/FAILURE TTL_EXPIRED m1 attempt=2 to sender\n");
  EXPECT_EQ(router.core().size(), 1u);
  EXPECT_EQ(router.Waits(Duration{1}), "");
  EXPECT_EQ(router.core().size(), 0u);
}

TEST(RouterRestartTest, TheQueueIsCounted) {
  RouterConfig config;
  config.queue_per_target = 1;
  RouterStory router(config);
  router.Takes(Copy("m1"));
  router.Restarts();
  EXPECT_NE(router.Takes(Copy("m2")).find("BUFFER_FULL"), std::string::npos);
}

TEST(RouterRestartTest, DeadLettersCanStillBeRedriven) {
  RouterStory router;
  router.Takes(Copy());
  router.Waits(9 * kSecond);
  router.Restarts(600 * kSecond);
  router.Waits(Duration{0});
  EXPECT_EQ(router.core().DeadLetters().entries.size(), 1u);
  EXPECT_NE(router.Redrives("m1", "m2").find("forward MESSAGE m2"), std::string::npos);
}

// A store need not be of this program: what it leaves out ends no process.
TEST(RouterRestartTest, ALetterThatDoesNotSayWhenItWasForwardedIsRedriven) {
  RouterStory router;
  router.LosesToTheLetters();
  const Duration key_window = RouterConfig().key_window;
  router.Restarts(key_window, [](RouterImage& image) { image.record.forwarded.reset(); });
  EXPECT_NE(router.Redrives("m1", "m2").find("forward MESSAGE m2"), std::string::npos);
}

TEST(RouterRestartTest, ARedeliveryWithoutItsPhaseIsMade) {
  RouterStory router;
  router.Takes(Copy());
  router.Restarts(Duration{0}, [](RouterImage& image) {
    std::erase_if(image.timers,
                  [](const ArmedTimer& timer) { return timer.kind == TimerKind::kDeliveryPhase; });
  });
  EXPECT_NE(router.Waits(kSecond).find("forward MESSAGE m1"), std::string::npos);
}

TEST(RouterRestartTest, WithoutAStoreThereIsNoRecord) {
  RouterConfig config;
  config.profile = Profile::kTracked;
  RouterStory router(config);
  router.Takes(Copy());
  router.Restarts();
  EXPECT_EQ(router.core().size(), 0u);
  EXPECT_TRUE(router.core().Timers().empty());
}

// One act, on whichever router: what it did, and what is left.
std::string Act(RouterStory& router, const Acts& acts, int number) {
  const auto& [act, whose, which, attempt, detail] = acts;
  std::string text;
  router.absent.clear();
  if (which % 4 == 0) {
    router.absent.insert(ModuleId("target"));
  }
  if (act < 3) {
    text = router.Takes(RandomCopy(whose, attempt, detail));
  } else if (act < 6) {
    text = router.Hears(RandomAck(whose, which, attempt, detail));
  } else if (act < 8) {
    text = router.Waits(Duration{which * detail * 10});
  } else if (act == 8) {
    text = router.Redrives("m" + std::to_string(whose / 2), "again-" + std::to_string(number));
  } else {
    router.core().Purge({ModuleId("sender"), {}, {}}, router.now());
  }
  for (const Timer& timer : router.core().Timers()) {
    text += timer.key.id.str() + " " + Word(timer.kind) + " " +
            std::to_string(MsOf(timer.deadline)) + "\n";
  }
  return text;
}

RC_GTEST_PROP(RouterRestartProperty, ARestartChangesNothing, ()) {
  RouterConfig config;
  config.queue_per_target = 2;
  config.max_latency = Duration{500};
  RouterStory one(config);
  RouterStory other(config);
  int number = 0;
  for (const Acts& acts : *DrawnActs(RouterTraffic::kActs)) {
    other.Restarts();
    RC_ASSERT(other.core().size() == one.core().size());
    ++number;
    RC_ASSERT(Act(one, acts, number) == Act(other, acts, number));
  }
}

}  // namespace
}  // namespace cmb::lifecycle::testing
