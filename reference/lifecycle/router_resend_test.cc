// Re-sends, closed attempts and dead letters.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(RouterResendTest, StartsNoSecondLoop) {
  RouterStory router;
  router.Takes(Copy());
  router.Waits(Duration{500});
  EXPECT_EQ(router.Takes(Copy("m1", 2, Duration{299500})),
            "ack ROUTER_ACK/SUCCESS m1 attempt=2 to sender\n");
  EXPECT_EQ(router.Waits(Duration{500}),
            "forward MESSAGE m1 attempt=2 ttl=299000 delivery=1 on main to target\n"
            "event [m1] retry (RECEIPT) attempt=2 deliveries=1 backoff=1000\n");
  EXPECT_EQ(router.Waits(Duration{1999}), "");
}

TEST(RouterResendTest, OfSeveralLivesTheLaterEndCounts) {
  for (const Duration second_life : {Duration{2000}, Duration{20000}}) {
    RouterStory router;
    router.Takes(Copy("m1", 1, 10 * kSecond));
    router.Takes(Copy("m1", 2, second_life));
    const std::string left = std::to_string(std::max(second_life, 10 * kSecond).count() - 1000);
    EXPECT_NE(router.Waits(kSecond).find("ttl=" + left + " "), std::string::npos);
  }
}

TEST(RouterResendTest, AReSendAfterTheLastForwardReopensTheCount) {
  RouterConfig config;
  config.max_deliveries = 1;
  RouterStory router(config);
  router.Takes(Copy());
  router.Waits(Duration{400});
  EXPECT_EQ(router.Takes(Copy("m1", 2, Duration{299600})),
            "forward MESSAGE m1 attempt=2 ttl=299600 delivery=1 on main to target\n"
            "ack ROUTER_ACK/SUCCESS m1 attempt=2 to sender\n");
  EXPECT_EQ(router.Waits(kSecond), "");
}

TEST(RouterResendTest, AReceiptOfAnEarlierAttemptIsGoodNews) {
  RouterStory router;
  router.Takes(Copy());
  router.Takes(Copy("m1", 2));
  EXPECT_EQ(router.Hears(Receipt(1)),
            "event [m1] FORWARDING -> DELIVERED (RECEIPT)\n"
            "ack DELIVERY_ACK/SUCCESS m1 attempt=1 to sender\n");
}

TEST(RouterResendTest, WhatWasDeliveredIsForwardedAgainUntilItsReceipt) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Progressing());
  EXPECT_EQ(router.Takes(Copy("m1", 2)),
            "forward MESSAGE m1 attempt=2 ttl=300000 delivery=1 on main to target\n"
            "ack ROUTER_ACK/SUCCESS m1 attempt=2 to sender\n");
  EXPECT_EQ(router.Hears(Receipt(1)),
            "event [m1] anomaly OUT_OF_ORDER_ACK RECEIPT/SUCCESS attempt=1 from target\n");
  EXPECT_NE(router.Waits(kSecond).find("forward MESSAGE m1 attempt=2"), std::string::npos);
  EXPECT_EQ(router.Hears(Receipt(2)), "ack DELIVERY_ACK/SUCCESS m1 attempt=2 to sender\n");
  EXPECT_EQ(router.Waits(200 * kSecond), "");
}

TEST(RouterResendTest, AReForwardThatEndsIsNoDeadLetter) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Receipt(1));
  router.Takes(Copy("m1", 2));
  router.Waits(Duration{8999});
  EXPECT_EQ(router.Waits(Duration{1}), "ack TIMEOUT/FAILURE ACK_TIMEOUT m1 attempt=2 to sender\n");
  EXPECT_EQ(router.State(), "DELIVERED");
}

TEST(RouterResendTest, WhatIsSettledIsAnsweredFromTheRecord) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Executed());
  EXPECT_EQ(router.Takes(Copy("m1", 2)),
            "ack ROUTER_ACK/SUCCESS m1 attempt=2 to sender\n"
            "forward EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n");
}

TEST(RouterResendTest, TheFirstTerminalStaysStored) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Executed());
  EXPECT_EQ(router.Hears(Executed(Status::kFailure)),
            "forward EXECUTION_ACK/FAILURE m1 attempt=1 to sender\n");
  EXPECT_NE(router.Takes(Copy("m1", 2)).find("EXECUTION_ACK/SUCCESS"), std::string::npos);
}

TEST(RouterResendTest, ACopyOfASeenAttemptIsOnlyAcknowledged) {
  RouterStory router;
  router.Takes(Copy());
  EXPECT_EQ(router.Takes(Copy()), "ack ROUTER_ACK/SUCCESS m1 attempt=1 to sender\n");
}

TEST(RouterResendTest, WhatIsHeldIsNeverRefused) {
  RouterStory router;
  router.Takes(Copy());
  MessageIn bad = Copy("m1", 2, Duration{0});
  bad.schema_version = 7;
  bad.payload_bytes = 99999999;
  EXPECT_EQ(router.Takes(bad), "ack ROUTER_ACK/SUCCESS m1 attempt=2 to sender\n");
}

TEST(RouterResendTest, ARefusalClosesItsAttempt) {
  RouterStory router;
  router.absent = {ModuleId("target")};
  router.Takes(Copy());
  router.absent.clear();
  EXPECT_EQ(router.Takes(Copy()), "event [m1] anomaly CLOSED_ATTEMPT attempt=1 from sender\n");
  EXPECT_EQ(router.Takes(Copy("m1", 2)),
            "forward MESSAGE m1 attempt=2 ttl=300000 delivery=1 on main to target\n"
            "event [m1] REJECTED -> FORWARDING (RESEND)\n"
            "ack ROUTER_ACK/SUCCESS m1 attempt=2 to sender\n");
}

TEST(RouterDeadLetterTest, AHigherAttemptReopensIt) {
  RouterStory router;
  router.Takes(Copy());
  router.Waits(9 * kSecond);
  EXPECT_TRUE(router.Record()->dead_letter);
  EXPECT_EQ(router.Takes(Copy()), "event [m1] anomaly CLOSED_ATTEMPT attempt=1 from sender\n");
  EXPECT_EQ(router.Takes(Copy("m1", 2, Duration{291000})),
            "event [m1] DEAD_LETTERED -> FORWARDING (RESEND)\n"
            "forward MESSAGE m1 attempt=2 ttl=291000 delivery=1 on main to target\n"
            "ack ROUTER_ACK/SUCCESS m1 attempt=2 to sender\n");
}

TEST(RouterDeadLetterTest, NothingIsForwardedWithoutLife) {
  RouterStory router;
  router.Takes(Copy("m1", 1, kSecond));
  router.Waits(2 * kSecond);
  EXPECT_EQ(router.Takes(Copy("m1", 2, Duration{0})),
            "event [m1] DEAD_LETTERED -> FORWARDING (RESEND)\n"
            "ack ROUTER_ACK/SUCCESS m1 attempt=2 to sender\n");
  EXPECT_EQ(router.Waits(Duration{0}),
            "event [m1] FORWARDING -> DEAD_LETTERED (TTL_EXPIRED) TTL_EXPIRED\n"
            "ack TIMEOUT/FAILURE TTL_EXPIRED m1 attempt=2 to sender\n");
  const MessageKey key{ModuleId("sender"), MessageId("m1")};
  EXPECT_EQ(router.core().DeadLetter(key)->ttl, kSecond);
  EXPECT_NE(router.Takes(Copy("m1", 3, Duration{1})).find("forward MESSAGE m1 attempt=3 ttl=1 "),
            std::string::npos);
  router.Waits(Duration{1});
  EXPECT_EQ(router.core().DeadLetter(key)->ttl, Duration{1});
}

TEST(RouterDeadLetterTest, ALateReceiptRemovesIt) {
  RouterStory router;
  router.Takes(Copy());
  router.Waits(9 * kSecond);
  EXPECT_EQ(router.Hears(Receipt()),
            "event [m1] DEAD_LETTERED -> DELIVERED (LATE_RECEIPT)\n"
            "ack DELIVERY_ACK/SUCCESS m1 attempt=1 to sender\n");
}

TEST(RouterDeadLetterTest, ALateTerminalSettlesIt) {
  RouterStory router;
  router.Takes(Copy());
  router.Waits(9 * kSecond);
  EXPECT_EQ(router.Hears(Executed()),
            "event [m1] DEAD_LETTERED -> SETTLED (EXECUTION_ACK)\n"
            "ack DELIVERY_ACK/SUCCESS m1 attempt=1 to sender\n"
            "forward EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n");
  EXPECT_FALSE(router.Record()->dead_letter);
}

TEST(RouterGiveUpTest, TheSendersTimeoutStopsRedelivery) {
  RouterStory router;
  router.Takes(Copy());
  EXPECT_EQ(router.Hears(GivesUp()), "event [m1] FORWARDING -> DEAD_LETTERED (TIMEOUT)\n");
  EXPECT_EQ(router.Waits(300 * kSecond), "");
}

TEST(RouterGiveUpTest, AnOlderTimeoutIsStale) {
  RouterStory router;
  router.Takes(Copy());
  router.Takes(Copy("m1", 2));
  EXPECT_EQ(router.Hears(GivesUp(1)),
            "event [m1] anomaly STALE_ATTEMPT TIMEOUT/FAILURE attempt=1 from sender\n");
}

TEST(RouterGiveUpTest, CancelStopsRedeliveryAndReachesTheTarget) {
  RouterStory router;
  router.Takes(Copy());
  EXPECT_EQ(router.Hears(Cancel()),
            "event [m1] FORWARDING -> CANCELLED (CANCEL) CANCELLED\n"
            "forward CANCEL m1 attempt=1 to target\n");
  EXPECT_EQ(router.Waits(200 * kSecond), "");
  EXPECT_EQ(router.Takes(Copy("m1", 2)),
            "event [m1] anomaly CLOSED_ATTEMPT attempt=2 from sender\n");
}

TEST(RouterGiveUpTest, AMarkThatOvertakesItsMessageClosesItsAttempts) {
  for (const AckIn& overtaking : {Cancel(2), GivesUp(2)}) {
    RouterStory router;
    router.Hears(overtaking);
    EXPECT_EQ(router.State(), "NONE");
    EXPECT_EQ(router.Takes(Copy("m1", 2)),
              "event [m1] anomaly CLOSED_ATTEMPT attempt=2 from sender\n");
    EXPECT_NE(router.Takes(Copy("m1", 3)).find("forward MESSAGE"), std::string::npos);
  }
}

TEST(RouterGiveUpTest, AMarkIsOfItsAuthorsMessageAlone) {
  for (const AckType type : {AckType::kCancel, AckType::kTimeout}) {
    RouterStory router;
    router.Takes(Copy());
    const Status status = type == AckType::kCancel ? Status::kUnspecified : Status::kFailure;
    const std::string text = router.Hears(AckFrom("other", "target", type, status, 2));
    EXPECT_NE(text.find("anomaly UNAUTHORIZED_ACK"), std::string::npos) << text;
    EXPECT_EQ(text.find("forward"), std::string::npos) << text;
    MessageIn others = Copy();
    others.source = ModuleId("other");
    EXPECT_EQ(router.Takes(others), "event [m1] anomaly CLOSED_ATTEMPT attempt=1 from other\n");
    EXPECT_EQ(router.State(), "FORWARDING");
    EXPECT_NE(router.Takes(Copy("m1", 2)).find("ROUTER_ACK/SUCCESS"), std::string::npos);
  }
}

TEST(RouterGiveUpTest, AMarkIsForgottenAfterTwoLatencies) {
  RouterStory router;
  router.Hears(Cancel());
  router.Waits(60 * kSecond);
  EXPECT_EQ(router.core().size(), 1u);
  router.Waits(Duration{1});
  EXPECT_EQ(router.core().size(), 0u);
}

TEST(RouterGiveUpTest, WithoutAnyRoomACancelIsStillPassedOn) {
  RouterConfig config;
  config.records = 0;
  config.marks = 0;
  RouterStory router(config);
  EXPECT_NE(router.Hears(Cancel()).find("forward CANCEL m1 attempt=1 to target\n"),
            std::string::npos);
  EXPECT_NE(router.Takes(Copy()).find("TIMEOUT/FAILURE BUFFER_FULL m1"), std::string::npos);
  EXPECT_TRUE(router.core().Timers().empty());
}

TEST(RouterGiveUpTest, WithoutRoomForMarksWhatIsKnownIsCancelled) {
  RouterConfig config;
  config.marks = 1;
  RouterStory router(config);
  AckIn of_another = Cancel();
  of_another.correlation_id = MessageId("m9");
  router.Hears(of_another);
  router.Takes(Copy("m1"));
  EXPECT_EQ(router.Hears(Cancel()).find("UNKNOWN_MESSAGE"), std::string::npos);
  EXPECT_EQ(router.State(), "CANCELLED");
}

}  // namespace
}  // namespace cmb::lifecycle::testing
