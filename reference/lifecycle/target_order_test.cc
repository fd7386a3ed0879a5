// Feature ordered: works of one stream one at a time.
#include <gtest/gtest.h>

#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

constexpr const char* kReceiptOfM2 = "ack RECEIPT/SUCCESS m2 attempt=1 to sender\n";

TEST(TargetOrderTest, TheNextIsOfferedWhenTheOneBeforeHasEnded) {
  TargetStory target(Tracked());
  target.TakesInStream("m1", "s");
  EXPECT_EQ(target.TakesInStream("m2", "s"), kReceiptOfM2);
  EXPECT_EQ(target.Holds(kSecond, "m2"), "");
  EXPECT_EQ(target.Starts("m2"), "");
  EXPECT_EQ(target.EndsWith(Ends(Status::kRejected), "m2"), "");
  EXPECT_EQ(target.State("m2"), "RECEIVED");
  target.Starts("m1");
  EXPECT_EQ(target.EndsWith(Ends(Status::kSuccess), "m1"),
            "event [m1] EXECUTING -> SUCCEEDED (HANDLER_SUCCEEDED)\n"
            "ack EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n"
            "offer m2 attempt=1 key=m2\n");
  EXPECT_NE(target.Starts("m2"), "");
}

TEST(TargetOrderTest, StreamsDoNotWaitForEachOther) {
  TargetStory target(Tracked());
  target.TakesInStream("m1", "s");
  EXPECT_NE(target.TakesInStream("m2", "t"), kReceiptOfM2);
  EXPECT_NE(target.Takes("m3"), "ack RECEIPT/SUCCESS m3 attempt=1 to sender\n");
}

TEST(TargetOrderTest, WithoutTheFeatureNobodyWaits) {
  TargetConfig config = Tracked();
  config.ordered = false;
  TargetStory target(config);
  target.TakesInStream("m1", "s");
  EXPECT_NE(target.TakesInStream("m2", "s"), kReceiptOfM2);
  target.Waits(3601 * kSecond);
  EXPECT_EQ(target.core().size(), 0u);
}

TEST(TargetOrderTest, WhoDiesWaitingIsRefusedAndPassedOver) {
  TargetStory target(Tracked());
  target.TakesInStream("m1", "s");
  target.TakesInStream("m2", "s", 1, 10 * kSecond);
  target.TakesInStream("m3", "s");
  EXPECT_EQ(target.Waits(10 * kSecond),
            "event [m2] RECEIVED -> REJECTED (TTL_EXPIRED) TTL_EXPIRED\n"
            "ack EXECUTION_ACK/REJECTED TTL_EXPIRED m2 attempt=1 to sender\n");
  const std::string text = target.EndsWith(Ends(Status::kSuccess), "m1");
  EXPECT_NE(text.find("offer m3"), std::string::npos) << text;
}

TEST(TargetOrderTest, WhoseLifeEndsAsItsTurnComesIsNotOffered) {
  TargetStory target(Tracked());
  target.TakesInStream("m1", "s");
  target.TakesInStream("m2", "s", 1, 10 * kSecond);
  target.TakesInStream("m3", "s");
  target.Starts("m1");
  target.WaitsShortOfTimers(10 * kSecond);
  EXPECT_EQ(target.EndsWith(Ends(Status::kSuccess), "m1"),
            "event [m1] EXECUTING -> SUCCEEDED (HANDLER_SUCCEEDED)\n"
            "ack EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n"
            "event [m2] RECEIVED -> REJECTED (TTL_EXPIRED) TTL_EXPIRED\n"
            "ack EXECUTION_ACK/REJECTED TTL_EXPIRED m2 attempt=1 to sender\n"
            "offer m3 attempt=1 key=m3\n");
  EXPECT_EQ(target.Waits(kSecond), "");
}

TEST(TargetOrderTest, ACancelTakesWhoWaitsOutOfTheLine) {
  TargetStory target(Tracked());
  target.TakesInStream("m1", "s");
  target.TakesInStream("m2", "s");
  target.TakesInStream("m3", "s");
  EXPECT_EQ(target.HearsCancel("m2"),
            "event [m2] RECEIVED -> CANCELLED (CANCEL) CANCELLED\n"
            "ack EXECUTION_ACK/FAILURE CANCELLED m2 attempt=1 started=false memory=0 to sender\n");
  const std::string text = target.EndsWith(Ends(Status::kSuccess), "m1");
  EXPECT_NE(text.find("offer m3"), std::string::npos) << text;
}

TEST(TargetOrderTest, ReopenedWorkStandsBehindThoseThatWait) {
  TargetStory target(Tracked());
  target.TakesInStream("m1", "s");
  target.TakesInStream("m2", "s");
  target.TakesInStream("m3", "s");
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true), "m1");
  EXPECT_EQ(target.TakesInStream("m1", "s", 2),
            "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n"
            "event [m1] REJECTED -> RECEIVED (RESEND)\n");
  const std::string third = target.EndsWith(Ends(Status::kSuccess), "m2");
  EXPECT_NE(third.find("offer m3"), std::string::npos) << third;
  const std::string last = target.EndsWith(Ends(Status::kSuccess), "m3");
  EXPECT_NE(last.find("offer m1 attempt=2"), std::string::npos) << last;
}

TEST(TargetOrderTest, ReopenedWorkThatIsAloneIsOfferedAtOnce) {
  TargetStory target(Tracked());
  target.TakesInStream("m1", "s");
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true), "m1");
  EXPECT_NE(target.TakesInStream("m1", "s", 2).find("offer m1 attempt=2"), std::string::npos);
}

TEST(TargetOrderTest, ATombstoneHoldsNobodyUp) {
  TargetStory target(Tracked());
  target.HearsCancel("m1");
  target.TakesInStream("m1", "s");
  EXPECT_NE(target.TakesInStream("m2", "s"), kReceiptOfM2);
}

std::string TakesNumber(TargetStory& target, const std::string& id, std::uint64_t number,
                        Duration ttl = 300 * kSecond, const std::string& key = "",
                        Attempt attempt = 1) {
  MessageIn message;
  message.key = IdempotencyKey(key);
  message.source = ModuleId("sender");
  message.id = MessageId(id);
  message.attempt = attempt;
  message.ttl = ttl;
  message.stream = StreamId("s");
  message.sequence = number;
  return target.Takes(message);
}

// CMB-ORD-003.
TEST(TargetOrderTest, AMissingNumberIsWaitedFor) {
  TargetStory target(Tracked());
  TakesNumber(target, "m1", 4);  // Whatever comes first begins the stream.
  target.EndsWith(Ends(Status::kSuccess), "m1");
  TakesNumber(target, "m3", 6);
  EXPECT_EQ(target.State("m3"), "RECEIVED");
  EXPECT_NE(target.Takes("m9").find("offer m9"), std::string::npos);
  EXPECT_NE(TakesNumber(target, "m0", 2).find("offer m0"), std::string::npos);
  target.EndsWith(Ends(Status::kSuccess), "m0");
  EXPECT_NE(TakesNumber(target, "m2", 5).find("offer m2"), std::string::npos);
  EXPECT_NE(target.EndsWith(Ends(Status::kSuccess), "m2").find("offer m3"), std::string::npos);
}

TEST(TargetOrderTest, ANumberIsWaitedForAsLongAsTheFirstThatWaitsLives) {
  TargetStory target(Tracked());
  TakesNumber(target, "m1", 1);
  target.EndsWith(Ends(Status::kSuccess), "m1");
  TakesNumber(target, "m3", 3, 10 * kSecond);
  EXPECT_EQ(TakesNumber(target, "m4", 4), "ack RECEIPT/SUCCESS m4 attempt=1 to sender\n");
  EXPECT_EQ(target.Waits(10 * kSecond),
            "event [m3] RECEIVED -> REJECTED (TTL_EXPIRED) TTL_EXPIRED\n"
            "ack EXECUTION_ACK/REJECTED TTL_EXPIRED m3 attempt=1 to sender\n"
            "offer m4 attempt=1 key=m4\n");
}

TEST(TargetOrderTest, ANumberThatCameAndWasCancelledIsNotMissing) {
  TargetStory target(Tracked());
  TakesNumber(target, "m1", 1);
  target.EndsWith(Ends(Status::kSuccess), "m1");
  TakesNumber(target, "m3", 3);
  target.HearsCancel("m2");
  EXPECT_NE(TakesNumber(target, "m2", 2).find("offer m3"), std::string::npos);
}

TEST(TargetOrderTest, WhatIsMissingIsKnownAfterARestart) {
  TargetStory target(Durable());
  TakesNumber(target, "m1", 1);
  target.EndsWith(Ends(Status::kSuccess), "m1");
  target.core().OnEndTold({ModuleId("sender"), MessageId("m1")}, {});
  TakesNumber(target, "m3", 3);
  EXPECT_EQ(target.Restarts(), "ack RECEIPT/SUCCESS m3 attempt=1 to sender\n");
  EXPECT_NE(TakesNumber(target, "m2", 2).find("offer m2"), std::string::npos);
  EXPECT_NE(target.EndsWith(Ends(Status::kSuccess), "m2").find("offer m3"), std::string::npos);
}

// What came before it is forgotten, and not known to have come.
TEST(TargetOrderTest, WhatHasStartedIsPassedAfterARestart) {
  TargetStory target(Durable());
  for (const int number : {1, 2, 3}) {
    const std::string id = "m" + std::to_string(number);
    TakesNumber(target, id, static_cast<std::uint64_t>(number),
                (number == 2 ? 300 : 7200) * kSecond);
    target.EndsWith(Ends(Status::kSuccess), id);
  }
  target.Waits(3601 * kSecond);
  ASSERT_EQ(target.State("m2"), "NONE");
  target.Restarts();
  EXPECT_NE(TakesNumber(target, "m4", 4).find("offer m4"), std::string::npos);
}

TEST(TargetOrderTest, AfterARestartItBeginsWithTheNumberThatCameFirst) {
  TargetStory target(Durable());
  TakesNumber(target, "m2", 7, 300 * kSecond, "job");
  TakesNumber(target, "m1", 3, 300 * kSecond, "job");
  EXPECT_NE(target.Restarts().find("offer again m2"), std::string::npos);
}

TEST(TargetOrderTest, WhatComesAfterARestartHasComeAfterAllBefore) {
  TargetStory target(Durable());
  target.Takes("m1", 1, 300 * kSecond, "job");
  target.Takes("m2", 1, 300 * kSecond, "job");
  TakesNumber(target, "m3", 7, 300 * kSecond, "job");
  target.Restarts();
  TakesNumber(target, "m4", 3);
  target.Restarts();
  TakesNumber(target, "m5", 8);
  EXPECT_NE(target.EndsWith(Ends(Status::kSuccess), "m4").find("offer m5"), std::string::npos);
}

TEST(TargetOrderTest, ANumberOfSharedWorkIsNotMissing) {
  TargetStory target(Tracked());
  TakesNumber(target, "m1", 1, 300 * kSecond, "job");
  TakesNumber(target, "m2", 2, 300 * kSecond, "job");
  target.EndsWith(Ends(Status::kSuccess), "m1");
  EXPECT_NE(TakesNumber(target, "m3", 3).find("offer m3"), std::string::npos);
}

TEST(TargetOrderTest, WhoCameBeforeGoesBeforeOneWithoutANumber) {
  TargetStory target(Tracked());
  TakesNumber(target, "m1", 1);
  TakesNumber(target, "m2", 2);
  TakesNumber(target, "m3", 0);
  EXPECT_NE(target.EndsWith(Ends(Status::kSuccess), "m1").find("offer m2"), std::string::npos);
}

TEST(TargetOrderTest, AStreamOfWhichNothingIsKnownBeginsAnew) {
  TargetStory target(Tracked());
  TakesNumber(target, "m1", 1);
  target.EndsWith(Ends(Status::kSuccess), "m1");
  target.Waits(3601 * kSecond);
  ASSERT_EQ(target.State("m1"), "NONE");
  EXPECT_NE(TakesNumber(target, "m7", 7).find("offer m7"), std::string::npos);
}

TEST(TargetOrderTest, AMessageThatJoinsAnotherWorkHasComeOnce) {
  TargetStory target(Tracked());
  TakesNumber(target, "m1", 1, 300 * kSecond, "job");
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true), "m1");
  TakesNumber(target, "m2", 2, 300 * kSecond, "job");
  TakesNumber(target, "m1", 1, 300 * kSecond, "job", 2);
  EXPECT_NE(target.EndsWith(Ends(Status::kSuccess), "m2").find("SUCCESS m1 attempt=2"),
            std::string::npos);
  target.Waits(3601 * kSecond);
  ASSERT_EQ(target.core().size(), 0u);
  EXPECT_NE(TakesNumber(target, "m7", 7).find("offer m7"), std::string::npos);
}

TEST(TargetOrderTest, WhatComesAfterARestartStandsBehindReopenedWork) {
  TargetStory target(Durable());
  target.TakesInStream("m1", "s");
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true), "m1");
  target.TakesInStream("m1", "s", 2);
  target.Restarts();
  target.TakesInStream("m2", "s");
  EXPECT_NE(target.EndsWith(Ends(Status::kSuccess), "m1").find("offer m2"), std::string::npos);
}

TEST(TargetOrderTest, WhatComesAfterARestartStandsBehind) {
  TargetStory target(Durable());
  target.TakesInStream("m1", "s");
  target.TakesInStream("m2", "s");
  target.Restarts();
  target.TakesInStream("m3", "s");
  const std::string first = target.EndsWith(Ends(Status::kSuccess), "m1");
  EXPECT_NE(first.find("offer m2"), std::string::npos) << first;
  const std::string second = target.EndsWith(Ends(Status::kSuccess), "m2");
  EXPECT_NE(second.find("offer m3"), std::string::npos) << second;
}

}  // namespace
}  // namespace cmb::lifecycle::testing
