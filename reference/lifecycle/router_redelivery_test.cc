// Redelivery, and the end of the delivery phase and of the life.
#include <gtest/gtest.h>

#include <string>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(RouterRedeliveryTest, RedeliversWithWhatLifeIsLeft) {
  RouterStory router;
  router.Takes(Copy("m1", 1, 10 * kSecond));
  EXPECT_EQ(router.Waits(kSecond),
            "forward MESSAGE m1 attempt=1 ttl=9000 delivery=2 on main to target\n"
            "event [m1] retry (RECEIPT) attempt=1 deliveries=2 backoff=1000\n");
  EXPECT_EQ(router.Waits(2 * kSecond),
            "forward MESSAGE m1 attempt=1 ttl=7000 delivery=3 on main to target\n"
            "event [m1] retry (RECEIPT) attempt=1 deliveries=3 backoff=2000\n");
}

TEST(RouterRedeliveryTest, ThePhaseEndsBeforeTheSendersTimer) {
  RouterStory router;
  router.Takes(Copy());
  router.Waits(Duration{8999});
  EXPECT_EQ(router.Waits(Duration{1}),
            "event [m1] FORWARDING -> DEAD_LETTERED (DELIVERY_PHASE_ENDED) ACK_TIMEOUT\n"
            "ack TIMEOUT/FAILURE ACK_TIMEOUT m1 attempt=1 to sender\n");
}

TEST(RouterRedeliveryTest, ThePhaseOutlivesTheLastForward) {
  RouterConfig config;
  config.max_deliveries = 2;
  RouterStory router(config);
  router.Takes(Copy());
  router.Waits(kSecond);
  EXPECT_EQ(router.Waits(Duration{7999}), "");
  EXPECT_EQ(router.Waits(Duration{1}),
            "event [m1] FORWARDING -> DEAD_LETTERED (DELIVERY_PHASE_ENDED) ACK_TIMEOUT\n"
            "ack TIMEOUT/FAILURE ACK_TIMEOUT m1 attempt=1 to sender\n");
}

TEST(RouterRedeliveryTest, AHigherAttemptAfterTheLastForwardIsForwardedAtOnce) {
  RouterConfig config;
  config.max_deliveries = 1;
  RouterStory router(config);
  router.Takes(Copy());
  router.Waits(kSecond);
  EXPECT_EQ(router.Takes(Copy("m1", 2)),
            "forward MESSAGE m1 attempt=2 ttl=300000 delivery=1 on main to target\n"
            "ack ROUTER_ACK/SUCCESS m1 attempt=2 to sender\n");
}

TEST(RouterRedeliveryTest, NoBackoffAtAllGivesUpNoSooner) {
  RouterStory router;
  MessageIn copy = Copy();
  copy.policy.backoff_first = Duration{0};
  router.Takes(copy);
  router.Waits(Duration{0});
  EXPECT_EQ(router.State(), "FORWARDING");
  EXPECT_EQ(router.Record()->delivery_count, 5u);
  router.Hears(Receipt());
  EXPECT_EQ(router.State(), "DELIVERED");
}

TEST(RouterRedeliveryTest, TheEndOfThePhasePrecedesARedeliveryOfItsInstant) {
  for (const bool counted_anew : {false, true}) {
    RouterStory router;
    MessageIn copy = Copy();
    copy.policy.delivery_ack = Duration{counted_anew ? 2223 : 3334};  // 2000, 3000.
    router.Takes(copy);
    router.Waits(kSecond);
    if (counted_anew) {
      copy.attempt = 2;
      router.Takes(copy);
    }
    EXPECT_EQ(router.Waits(2 * kSecond).find("forward"), std::string::npos);
    EXPECT_EQ(router.State(), "DEAD_LETTERED");
  }
}

TEST(RouterRedeliveryTest, APolicyOutsideItsRangesIsBroughtInside) {
  RouterStory router;
  MessageIn copy = Copy();
  copy.policy.backoff_factor = 0.1;
  router.Takes(copy);
  router.Waits(kSecond);
  EXPECT_NE(router.Waits(kSecond).find("deliveries=3 backoff=1000"), std::string::npos);
}

TEST(RouterRedeliveryTest, TheEndOfLifeIsTold) {
  RouterStory router;
  router.Takes(Copy("m1", 1, Duration{2500}));
  router.Waits(Duration{2400});
  EXPECT_EQ(router.Waits(Duration{100}),
            "event [m1] FORWARDING -> DEAD_LETTERED (TTL_EXPIRED) TTL_EXPIRED\n"
            "ack TIMEOUT/FAILURE TTL_EXPIRED m1 attempt=1 to sender\n");
}

TEST(RouterRedeliveryTest, AClockThatRanLateForwardsNothingWithoutLife) {
  RouterStory router;
  router.Takes(Copy("m1", 1, 2 * kSecond));
  EXPECT_EQ(ToText(*router.core().FireNext(AtMs(2000), TimerClass::kProtocol)), "");
}

TEST(RouterRedeliveryTest, AChannelThatIsLostConcernsOnlyWhatIsForwarded) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Receipt());
  EXPECT_EQ(router.LosesItsChannel(), "");
}

TEST(RouterRedeliveryTest, AFullTableIsNoEvidence) {
  RouterStory router;
  router.Takes(Copy());
  EXPECT_EQ(router.Hears(FullTable()), "");
  EXPECT_NE(router.Waits(kSecond).find("forward MESSAGE"), std::string::npos);
}

TEST(RouterRedeliveryTest, ALostRouteIsAFailedTry) {
  RouterStory router;
  router.Takes(Copy());
  router.absent = {ModuleId("target")};
  router.Waits(kSecond);
  router.absent.clear();
  EXPECT_NE(router.Waits(2 * kSecond).find("delivery=3"), std::string::npos);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
