// A TRACKED target before the end: held, started, getting on.
#include <gtest/gtest.h>

#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(TargetProgressTest, AnAnnouncedStartIsToldToEveryAttachedMessage) {
  TargetStory target(Tracked());
  target.Takes("m1", 2, 300 * kSecond, "job");
  target.Takes("m2", 1, 300 * kSecond, "job");
  EXPECT_EQ(target.Announces(),
            "event [m1] RECEIVED -> EXECUTING (HANDLER_STARTED)\n"
            "event [m1] execution attempt=2\n"
            "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=2 progress=1 to sender\n"
            "ack EXECUTION_ACK/IN_PROGRESS m2 attempt=1 progress=1 to sender\n");
}

TEST(TargetProgressTest, ABasicTargetTellsNothingBeforeTheEnd) {
  TargetConfig config;
  config.conditional_ack = true;
  TargetStory target(config);
  target.Takes("m1");
  EXPECT_EQ(target.Holds(kSecond), "");
  EXPECT_EQ(target.Announces(),
            "event [m1] RECEIVED -> EXECUTING (HANDLER_STARTED)\n"
            "event [m1] execution attempt=1\n");
  EXPECT_EQ(target.GetsTo(50), "");
  EXPECT_EQ(target.Takes("m1", 2), "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n");
}

TEST(TargetProgressTest, EachReportHasTheNextNumber) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.Starts();
  EXPECT_EQ(target.GetsTo(40),
            "ack PROGRESS_ACK/IN_PROGRESS m1 attempt=1 progress=1 percent=40 to sender\n");
  HandlerProgress items;
  items.done = 3;
  items.total = 7;
  items.eta = 5 * kSecond;
  EXPECT_EQ(
      ToText(target.core().OnHandlerProgress({ModuleId("sender"), MessageId("m1")}, items, {})),
      "ack PROGRESS_ACK/IN_PROGRESS m1 attempt=1 progress=2 done=3 total=7 eta=5000 to sender\n");
}

TEST(TargetProgressTest, BeforeTheStartAndAfterTheEndThereIsNoProgress) {
  TargetStory target(Tracked());
  target.Takes("m1");
  EXPECT_EQ(target.GetsTo(40), "");
  target.EndsWith(Ends(Status::kSuccess));
  EXPECT_EQ(target.GetsTo(100), "");
}

TEST(TargetProgressTest, ACopyHearsTheLastStageAgain) {
  TargetStory target(Tracked());
  target.Takes("m1", 1, 300 * kSecond, "job");
  target.Announces();
  EXPECT_EQ(target.Takes("m1", 2),
            "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n"
            "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=2 progress=1 to sender\n");
  target.GetsTo(40);
  EXPECT_EQ(target.Takes("m2", 1, 300 * kSecond, "job"),
            "ack RECEIPT/SUCCESS m2 attempt=1 to sender\n"
            "ack PROGRESS_ACK/IN_PROGRESS m2 attempt=1 progress=2 percent=40 to sender\n");
}

TEST(TargetProgressTest, ACopyOfAnUnannouncedStartHearsNothing) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.Starts();
  EXPECT_EQ(target.Takes("m1", 2), "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n");
}

TEST(TargetProgressTest, AHoldIsToldAndACopyHearsWhatRemainsOfIt) {
  TargetStory target(Tracked());
  target.Takes("m1");
  EXPECT_EQ(target.Holds(20 * kSecond),
            "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=1 progress=1 hold=20000 to sender\n");
  EXPECT_EQ(target.State(), "RECEIVED");
  target.Waits(15 * kSecond);
  EXPECT_EQ(target.Takes("m1", 2),
            "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n"
            "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=2 progress=1 hold=5000 to sender\n");
  target.Waits(15 * kSecond);
  EXPECT_EQ(target.Takes("m1", 3),
            "ack RECEIPT/SUCCESS m1 attempt=3 to sender\n"
            "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=3 progress=1 hold=0 to sender\n");
}

TEST(TargetProgressTest, TheStartOfHeldWorkIsAlwaysAnnounced) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.Holds(20 * kSecond);
  EXPECT_EQ(target.Starts(),
            "event [m1] RECEIVED -> EXECUTING (HANDLER_STARTED)\n"
            "event [m1] execution attempt=1\n"
            "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=1 progress=2 to sender\n");
}

// CMB-PRG-010, across a hold that is prolonged and a refusal that is judged afresh.
TEST(TargetProgressTest, AWorkHasOneRowOfNumbers) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.Holds(20 * kSecond);
  EXPECT_EQ(target.Holds(60 * kSecond),
            "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=1 progress=2 hold=60000 to sender\n");
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true));
  target.Takes("m1", 2);
  EXPECT_NE(target.Announces().find("progress=3"), std::string::npos);
  EXPECT_NE(target.GetsTo(40).find("progress=4"), std::string::npos);
}

TEST(TargetProgressTest, HeldWorkDiesWithItsMessage) {
  TargetStory target(Tracked());
  target.Takes("m1", 1, 10 * kSecond);
  target.Holds(20 * kSecond);
  EXPECT_EQ(target.Waits(10 * kSecond),
            "drop m1\n"
            "event [m1] RECEIVED -> REJECTED (TTL_EXPIRED) TTL_EXPIRED\n"
            "ack EXECUTION_ACK/REJECTED TTL_EXPIRED m1 attempt=1 to sender\n");
  EXPECT_EQ(target.Holds(kSecond), "");
}

TEST(TargetProgressTest, WithoutTheFeatureAHoldIsNotTold) {
  TargetConfig config = Tracked();
  config.conditional_ack = false;
  TargetStory target(config);
  target.Takes("m1");
  EXPECT_EQ(target.Holds(20 * kSecond), "");
  EXPECT_EQ(target.Starts(),
            "event [m1] RECEIVED -> EXECUTING (HANDLER_STARTED)\n"
            "event [m1] execution attempt=1\n");
}

TEST(TargetProgressTest, ReopenedWorkHasNoStageOfItsPast) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.Holds(20 * kSecond);
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true));
  target.Takes("m1", 2);
  EXPECT_EQ(target.Takes("m1", 2), "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n");
}

TEST(TargetProgressTest, PartialCompletionSaysHowMuchWasDone) {
  TargetStory target(Tracked());
  TargetStory basic;
  target.Takes("m1");
  target.Takes("m2");
  basic.Takes("m1");
  HandlerEnd end = Ends(Status::kFailure, ErrorCode::kPartialDelivery);
  end.done = 4;
  end.total = 9;
  target.Starts();
  EXPECT_EQ(target.EndsWith(end),
            "event [m1] EXECUTING -> FAILED (HANDLER_FAILED) PARTIAL_DELIVERY\n"
            "ack EXECUTION_ACK/FAILURE PARTIAL_DELIVERY m1 attempt=1 done=4 total=9 to sender\n");
  EXPECT_EQ(basic.EndsWith(end).find("done"), std::string::npos);
  end.code = ErrorCode::kToolTimeout;
  EXPECT_EQ(target.EndsWith(end, "m2").find("done"), std::string::npos);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
