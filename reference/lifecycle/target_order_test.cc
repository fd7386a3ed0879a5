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

TEST(TargetOrderTest, ATombstoneHoldsNobodyUp) {
  TargetStory target(Tracked());
  target.HearsCancel("m1");
  target.TakesInStream("m1", "s");
  EXPECT_NE(target.TakesInStream("m2", "s"), kReceiptOfM2);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
