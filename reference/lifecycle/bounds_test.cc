// Every table of sender and router has a bound. At it the one that comes is
// refused as the spec says, and nothing that was taken is lost.
#include <gtest/gtest.h>

#include <string>

#include "reference/lifecycle/testing/router_story.h"
#include "reference/lifecycle/testing/sender_story.h"

namespace cmb::lifecycle::testing {
namespace {

// ---------------------------------------------------------------- sender

TEST(SenderBoundsTest, OneMoreMessageInFlightIsRefusedUntilOneEnds) {
  SenderConfig config;
  config.in_flight = 2;
  SenderStory sender(config);
  sender.Sends("m1");
  sender.Sends("m2");
  EXPECT_EQ(sender.Sends("m3"), "refused OVERLOADED\n");
  EXPECT_EQ(sender.core().size(), 2u);
  sender.Hears(Success());
  EXPECT_NE(sender.Sends("m3").find("send MESSAGE m3"), std::string::npos);
  EXPECT_EQ(sender.State("m2"), "SEND_PENDING");
}

TEST(SenderBoundsTest, ARefusedIdMayBeUsedLater) {
  SenderConfig config;
  config.in_flight = 1;
  SenderStory sender(config);
  sender.Sends("m1");
  sender.Sends("m2");
  sender.Hears(Success());
  EXPECT_NE(sender.Sends("m2").find("send MESSAGE m2 attempt=1"), std::string::npos);
}

TEST(SenderBoundsTest, ATableFullOfEndedRecordsRefusesUntilOneExpires) {
  SenderConfig config;
  config.records = 1;
  SenderStory sender(config);
  sender.Sends("m1");
  sender.Hears(Success());
  EXPECT_EQ(sender.Sends("m2"), "refused OVERLOADED\n");
  EXPECT_EQ(sender.State(), "COMPLETED_SUCCESS");  // Kept for its late ACKs.
  sender.Waits(360 * kSecond + Duration{1});
  EXPECT_NE(sender.Sends("m2").find("send MESSAGE m2"), std::string::npos);
}

TEST(SenderBoundsTest, AcksOfInventedAttemptsAreJudgedWithoutEnd) {
  SenderStory sender;
  sender.Sends("m1");
  for (Attempt attempt = 2; attempt < 5000; ++attempt) {
    sender.Hears(RouterTimeout(attempt));
  }
  EXPECT_LE(sender.core().Image(MessageId("m1"))->record.judged.size(), 1024u);
  EXPECT_EQ(sender.State(), "SEND_PENDING");
  sender.Hears(Success());
  EXPECT_EQ(sender.State(), "COMPLETED_SUCCESS");
}

// ---------------------------------------------------------------- router

MessageIn From(const std::string& source, const std::string& id) {
  MessageIn message = Copy(id);
  message.source = ModuleId(source);
  return message;
}

AckIn CancelOf(const std::string& id, const std::string& source = "sender") {
  AckIn cancel = AckFrom(source, "target", AckType::kCancel, Status::kUnspecified);
  cancel.correlation_id = MessageId(id);
  return cancel;
}

TEST(RouterBoundsTest, AFullQueueRefusesTheNextMessageAndForwardsTheOthers) {
  RouterConfig config;
  config.queue_per_target = 2;
  RouterStory router(config);
  router.Takes(Copy("m1"));
  router.Takes(Copy("m2"));
  EXPECT_NE(router.Takes(Copy("m3")).find("ack ROUTER_ACK/REJECTED BUFFER_FULL m3"),
            std::string::npos);
  const std::string text = router.Waits(kSecond);
  EXPECT_NE(text.find("forward MESSAGE m1"), std::string::npos);
  EXPECT_NE(text.find("forward MESSAGE m2"), std::string::npos);
  EXPECT_EQ(text.find("forward MESSAGE m3"), std::string::npos);
}

TEST(RouterBoundsTest, AFullQueueOfOneTargetIsNoneOfAnother) {
  RouterConfig config;
  config.queue_per_target = 1;
  RouterStory router(config);
  router.Takes(Copy("m1"));
  MessageIn other = Copy("m2");
  other.targets = {ModuleId("elsewhere")};
  EXPECT_NE(router.Takes(other).find("ROUTER_ACK/SUCCESS"), std::string::npos);
}

TEST(RouterBoundsTest, ARefusedMessageIsTakenWhenThereIsRoomAgain) {
  RouterConfig config;
  config.queue_per_target = 1;
  RouterStory router(config);
  router.Takes(Copy("m1"));
  router.Takes(Copy("m2"));
  router.Hears(Receipt());
  EXPECT_NE(router.Takes(Copy("m2", 2)).find("ROUTER_ACK/SUCCESS m2 attempt=2"), std::string::npos);
}

TEST(RouterBoundsTest, ACopyOfWhatIsHeldIsNeverRefused) {
  RouterConfig config;
  config.queue_per_target = 1;
  config.records = 1;
  RouterStory router(config);
  router.Takes(Copy("m1"));
  EXPECT_NE(router.Takes(Copy("m1", 2)).find("ROUTER_ACK/SUCCESS m1 attempt=2"), std::string::npos);
}

TEST(RouterBoundsTest, AFullTableRefusesAndLosesNone) {
  RouterConfig config;
  config.records = 2;
  RouterStory router(config);
  router.Takes(Copy("m1"));
  router.Takes(From("other", "m1"));
  EXPECT_NE(router.Takes(Copy("m2")).find("ack ROUTER_ACK/REJECTED BUFFER_FULL m2"),
            std::string::npos);
  EXPECT_EQ(router.State("m1"), "FORWARDING");
  EXPECT_NE(router.Hears(Executed()).find("forward EXECUTION_ACK/SUCCESS m1"), std::string::npos);
}

// CMB-RTR-030.
TEST(RouterBoundsTest, WhatAFullTableRefusedStaysRefused) {
  RouterConfig config;
  config.records = 1;
  RouterStory router(config);
  router.Takes(Copy("m1", 1, kSecond));
  router.Hears(Executed());
  router.Waits(30 * kSecond);
  router.Takes(Copy("m2"));
  router.Waits(32 * kSecond);  // m1 is forgotten; there is room.
  EXPECT_EQ(router.State("m1"), "NONE");
  EXPECT_NE(router.Takes(Copy("m2")).find("CLOSED_ATTEMPT"), std::string::npos);
  EXPECT_NE(router.Takes(Copy("m2", 2)).find("ROUTER_ACK/SUCCESS m2"), std::string::npos);
  EXPECT_NE(router.Takes(Copy("m3")).find("BUFFER_FULL"), std::string::npos);  // m2 has the room.
}

// CMB-RTR-033.
TEST(RouterBoundsTest, WithoutRoomForARefusalATimeoutIsSaidThatProvesNothing) {
  RouterConfig config;
  config.records = 1;
  config.marks = 1;
  RouterStory router(config);
  router.Takes(Copy("m1"));
  router.Takes(Copy("m2"));
  const std::string text = router.Takes(Copy("m3"));
  EXPECT_EQ(text.find("REJECTED"), std::string::npos) << text;
  EXPECT_NE(text.find("ack TIMEOUT/FAILURE BUFFER_FULL m3 attempt=1"), std::string::npos) << text;
  EXPECT_EQ(router.core().size(), 2u);
  router.absent = {ModuleId("away")};  // Found out by the forward, it is said the same way.
  router.Hears(Executed());
  router.Waits(360 * kSecond + Duration{1});
  router.Takes(Copy("m2", 2));
  MessageIn away = Copy("m4");
  away.targets = {ModuleId("away")};
  router.Hears(CancelOf("m5"));
  EXPECT_EQ(router.core().size(), 2u);
  EXPECT_NE(router.Takes(away).find("TIMEOUT/FAILURE BUFFER_FULL m4"), std::string::npos);
  EXPECT_EQ(router.core().size(), 2u);
}

TEST(RouterBoundsTest, OneSourceTakesNeitherAllRecordsNorAllMarksNorAQueue) {
  RouterConfig config;
  config.records = config.marks = 8;
  config.queue_per_target = 4;
  RouterStory router(config);
  const auto accepted = [&router](const std::string& source, const std::string& id,
                                  const std::string& target) {
    MessageIn message = From(source, id);
    message.targets = {ModuleId(target)};
    return router.Takes(message).find("ROUTER_ACK/SUCCESS") != std::string::npos;
  };
  int taken = 0;
  for (int n = 0; n < 20; ++n) {
    const std::string id = "x" + std::to_string(n);
    taken += accepted("greedy", id, n % 2 == 0 ? "target" : "other") ? 1 : 0;
    router.Hears(CancelOf("y" + std::to_string(n), "greedy"));
  }
  EXPECT_EQ(taken, 6);
  const std::string text = router.Hears(CancelOf("m9", "quiet"));
  EXPECT_EQ(text.find("UNKNOWN_MESSAGE"), std::string::npos) << text;
  EXPECT_TRUE(accepted("quiet", "m1", "target"));
  EXPECT_FALSE(accepted("quiet", "m2", "target"));
}

// CMB-RTR-034.
TEST(RouterBoundsTest, WhatFindsNoRoomForItsMarkIsCountedAndACancelPassedOn) {
  RouterConfig config;
  config.marks = 1;
  RouterStory router(config);
  router.Hears(CancelOf("m1"));
  const std::string cancel = router.Hears(CancelOf("m2"));
  EXPECT_NE(cancel.find("UNKNOWN_MESSAGE"), std::string::npos) << cancel;
  EXPECT_NE(cancel.find("forward CANCEL m2"), std::string::npos) << cancel;
  AckIn gives_up = GivesUp();
  gives_up.correlation_id = MessageId("m3");
  EXPECT_NE(router.Hears(gives_up).find("UNKNOWN_MESSAGE"), std::string::npos);
  EXPECT_EQ(router.core().size(), 1u);
}

// CMB-RTR-032.
TEST(RouterBoundsTest, ARefusalIsForgottenAfterTwoLatenciesWhateverLifeItClaimed) {
  RouterStory router;
  router.absent = {ModuleId("target")};
  router.Takes(Copy("m1", 1, 7 * 86400 * kSecond));
  router.Waits(60 * kSecond);
  EXPECT_NE(router.Takes(Copy("m1")).find("CLOSED_ATTEMPT"), std::string::npos);
  router.Takes(Copy("m1", 2));  // Raises the mark.
  router.Waits(60 * kSecond);
  EXPECT_EQ(router.State("m1"), "REJECTED");
  router.Waits(Duration{1});
  EXPECT_EQ(router.core().size(), 0u);
}

TEST(RouterBoundsTest, RefusalsKeepNoRoomFromRecords) {
  RouterConfig config;
  config.records = 1;
  RouterStory router(config);
  router.Takes(Copy("m1", 1, kSecond));
  for (const char* id : {"m2", "m3", "m4"}) {
    router.Takes(Copy(id));
  }
  router.Hears(Executed());
  router.Waits(62 * kSecond);
  EXPECT_NE(router.Takes(Copy("m5")).find("ROUTER_ACK/SUCCESS m5"), std::string::npos);
}

TEST(RouterBoundsTest, RefusalsOfAFullTableOutliveTheProcess) {
  RouterConfig config;
  config.records = 1;
  RouterStory router(config);
  router.Takes(Copy("m1"));
  router.Takes(Copy("m2"));
  router.Restarts();
  EXPECT_NE(router.Takes(Copy("m2")).find("CLOSED_ATTEMPT"), std::string::npos);
  EXPECT_NE(router.Takes(Copy("m2", 2)).find("BUFFER_FULL"), std::string::npos);
}

TEST(RouterBoundsTest, AFullTableStillPassesACancelOn) {
  RouterConfig config;
  config.records = 1;
  RouterStory router(config);
  router.Takes(Copy("m9"));
  EXPECT_NE(router.Hears(Cancel()).find("forward CANCEL m1"), std::string::npos);
  EXPECT_NE(router.Takes(Copy("m1")).find("CLOSED_ATTEMPT"), std::string::npos);
}

TEST(RouterBoundsTest, DeadLettersFillTheirTableRatherThanGoAway) {
  RouterConfig config;
  config.dead_letters = 1;
  RouterStory router(config);
  router.Takes(Copy("m1"));
  router.Waits(3600 * kSecond);
  EXPECT_NE(router.Takes(Copy("m2")).find("BUFFER_FULL"), std::string::npos);
  router.core().Purge({ModuleId("sender"), {}, {}}, router.now());
  EXPECT_NE(router.Takes(Copy("m2", 2)).find("ROUTER_ACK/SUCCESS"), std::string::npos);
}

TEST(RouterBoundsTest, ThirtyTwoPairsOfMetadataAreTakenAndNoMore) {
  RouterStory router;
  MessageIn message = Copy("m1");
  message.metadata_pairs = 32;
  EXPECT_NE(router.Takes(message).find("ROUTER_ACK/SUCCESS"), std::string::npos);
  message = Copy("m2");
  message.metadata_pairs = 33;
  EXPECT_NE(router.Takes(message).find("ROUTER_ACK/REJECTED VALIDATION_ERROR m2"),
            std::string::npos);
}

TEST(RouterBoundsTest, SignsOfInventedAttemptsAreJudgedWithoutEnd) {
  RouterStory router;
  router.Takes(Copy());
  for (Attempt attempt = 1; attempt < 5000; ++attempt) {
    router.Hears(FullTable(attempt));
  }
  EXPECT_LE(router.core().Image({ModuleId("sender"), MessageId("m1")})->record.judged.size(),
            1024u);
  router.Hears(Receipt());
  EXPECT_EQ(router.State(), "DELIVERED");
}

}  // namespace
}  // namespace cmb::lifecycle::testing
