// How long a router's records and marks live.
#include <gtest/gtest.h>

#include <vector>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(RouterMemoryTest, ARecordLivesUntilTheLifeAndTwoLatenciesAreOver) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Executed());
  router.Waits(360 * kSecond);
  EXPECT_EQ(router.State(), "SETTLED");
  router.Waits(Duration{1});
  EXPECT_EQ(router.State(), "NONE");
  EXPECT_TRUE(router.core().Timers().empty());
}

TEST(RouterMemoryTest, AnEndLateInTheLifeIsRememberedLonger) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Receipt());
  router.Waits(350 * kSecond);
  router.Hears(Executed());
  router.Waits(60 * kSecond);
  EXPECT_EQ(router.State(), "SETTLED");
}

TEST(RouterMemoryTest, AnAbortOfWhatHasEndedMakesItLonger) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Executed());
  router.Waits(350 * kSecond);
  router.Hears(Cancel());
  router.Waits(60 * kSecond);
  EXPECT_EQ(router.State(), "SETTLED");
  router.Waits(Duration{1});
  EXPECT_EQ(router.State(), "NONE");
}

TEST(RouterMemoryTest, OfOneInstantRecordsGoBeforeMarks) {
  RouterStory router;
  router.Takes(Copy("m1", 1, Duration{1}));
  router.Hears(Receipt());
  router.Takes(Copy("m2", 1, kSecond));
  AckIn receipt = Receipt();
  receipt.correlation_id = MessageId("m2");
  router.Hears(receipt);
  router.Waits(Duration{1});
  router.absent = {ModuleId("target")};
  router.Takes(Copy("m0"));
  const std::vector<Timer> timers = router.core().Timers();
  ASSERT_EQ(timers.size(), 3u);
  EXPECT_EQ(timers[0].deadline, timers[1].deadline);
  EXPECT_EQ(timers[0].key.id, MessageId("m1"));
  EXPECT_EQ(timers[2].key.id, MessageId("m2"));
  EXPECT_EQ(router.core().NextTimer(TimerClass::kHousekeeping)->key, timers[0].key);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
