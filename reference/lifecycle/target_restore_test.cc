// A DURABLE target across restarts.
#include <gtest/gtest.h>

#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

const MessageKey kM1{ModuleId("sender"), MessageId("m1")};

TEST(TargetRestoreTest, WorkThatHadNotStartedIsOfferedAgain) {
  TargetStory target(Durable());
  target.Takes("m1", 2);
  target.Waits(100 * kSecond);
  EXPECT_EQ(target.Restarts(),
            "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n"
            "offer again m1 attempt=2 key=m1\n");
  EXPECT_EQ(target.Waits(200 * kSecond),
            "drop m1\n"
            "event [m1] RECEIVED -> REJECTED (TTL_EXPIRED) TTL_EXPIRED\n"
            "ack EXECUTION_ACK/REJECTED TTL_EXPIRED m1 attempt=2 memory=300000 to sender\n");
}

TEST(TargetRestoreTest, ALifeThatEndedMeanwhileIsDueAtOnce) {
  TargetStory target(Durable());
  target.Takes("m1", 1, 10 * kSecond);
  EXPECT_EQ(target.Restarts(60 * kSecond), "ack RECEIPT/SUCCESS m1 attempt=1 to sender\n");
  ASSERT_TRUE(target.core().NextTimer(TimerClass::kProtocol));
  EXPECT_EQ(MsOf(target.core().NextTimer(TimerClass::kProtocol)->deadline), 60000);
  EXPECT_EQ(target.Starts(), "");
  EXPECT_NE(target.Waits(Duration{0}).find("(TTL_EXPIRED)"), std::string::npos);
}

TEST(TargetRestoreTest, OfAStreamWhoseLifeEndedMeanwhileIsNotOffered) {
  TargetStory target(Durable());
  target.TakesInStream("m1", "s", 1, 10 * kSecond);
  target.TakesInStream("m2", "s");
  EXPECT_EQ(target.Restarts(60 * kSecond),
            "ack RECEIPT/SUCCESS m1 attempt=1 to sender\n"
            "ack RECEIPT/SUCCESS m2 attempt=1 to sender\n"
            "offer again m2 attempt=1 key=m2\n");
}

TEST(TargetRestoreTest, InterruptedWorkHasFailed) {
  TargetStory target(Durable());
  target.Takes("m1", 1, 300 * kSecond, "job");
  target.Takes("m2", 4, 300 * kSecond, "job");
  target.Starts();
  EXPECT_EQ(target.Restarts(),
            "event [m1] EXECUTING -> FAILED (INTERRUPTED) INTERRUPTED\n"
            "ack EXECUTION_ACK/FAILURE INTERRUPTED m1 attempt=1 to sender\n"
            "ack EXECUTION_ACK/FAILURE INTERRUPTED m2 attempt=4 to sender\n");
  EXPECT_EQ(target.Executions("m1"), 1u);
}

TEST(TargetRestoreTest, ResumableWorkGoesOnWithoutASecondStart) {
  TargetStory target(Durable());
  target.Takes("m1");
  target.Starts("m1", {.announce = true, .resumable = true});
  target.GetsTo(40);
  EXPECT_EQ(target.Restarts(),
            "resume m1 attempt=1 key=m1\n"
            "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=1 progress=3 to sender\n");
  EXPECT_EQ(target.Starts(), "");
  EXPECT_EQ(target.GetsTo(60),
            "ack PROGRESS_ACK/IN_PROGRESS m1 attempt=1 progress=4 percent=60 to sender\n");
  EXPECT_EQ(target.Waits(300 * kSecond), "life ended m1\n");
  EXPECT_NE(target.EndsWith(Ends(Status::kSuccess)), "");
  EXPECT_EQ(target.Executions("m1"), 1u);
}

TEST(TargetRestoreTest, AResumedHandlerHearsAtOnceThatTheLifeHasEndedMeanwhile) {
  TargetStory target(Durable());
  target.Takes("m1", 1, 10 * kSecond);
  target.Starts("m1", {.announce = false, .resumable = true});
  target.Restarts(60 * kSecond);
  ASSERT_TRUE(target.core().NextTimer(TimerClass::kProtocol));
  EXPECT_EQ(MsOf(target.core().NextTimer(TimerClass::kProtocol)->deadline), 60000);
  EXPECT_EQ(target.Waits(Duration{0}), "life ended m1\n");
}

TEST(TargetRestoreTest, AResumedHandlerIsAskedToStopOnceMore) {
  TargetStory target(Durable());
  target.Takes("m1");
  target.Starts("m1", {.announce = false, .resumable = true});
  target.HearsCancel();
  EXPECT_EQ(target.Restarts(),
            "resume m1 attempt=1 key=m1\n"
            "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=1 progress=1 to sender\n"
            "cancel m1\n");
  EXPECT_NE(target.Stops().find("started=true"), std::string::npos);
}

TEST(TargetRestoreTest, OnlyAnEndThatMayNotHaveBeenHeardIsToldAgain) {
  TargetStory target(Durable());
  target.Takes("m1");
  target.EndsWith(Ends(Status::kSuccess));
  EXPECT_EQ(target.Restarts(), "ack EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n");
  target.core().OnEndTold(kM1, {});
  EXPECT_EQ(target.Restarts(), "");
  EXPECT_EQ(target.Takes("m1", 2),
            "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n"
            "ack EXECUTION_ACK/SUCCESS m1 attempt=2 to sender\n");
}

TEST(TargetRestoreTest, TheAnswerToAMessageWhoseCancelCameFirstIsToldAgainToo) {
  TargetStory target(Durable());
  target.HearsCancel();
  target.Takes("m1");
  EXPECT_EQ(target.Restarts(),
            "ack EXECUTION_ACK/FAILURE CANCELLED m1 attempt=1 started=false memory=0 to sender\n");
}

TEST(TargetRestoreTest, AHoldGoesOnFromWhereItWas) {
  TargetStory target(Durable());
  target.Takes("m1");
  target.Holds(20 * kSecond);
  target.Waits(5 * kSecond);
  target.Restarts();
  EXPECT_EQ(target.Takes("m1", 2),
            "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n"
            "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=2 progress=1 hold=15000 to sender\n");
  EXPECT_NE(target.Starts().find("IN_PROGRESS"), std::string::npos);
}

TEST(TargetRestoreTest, AStreamKeepsItsOrder) {
  TargetStory target(Durable());
  target.TakesInStream("m3", "s");
  target.TakesInStream("m2", "s");
  target.TakesInStream("m1", "s");
  EXPECT_EQ(target.Restarts(),
            "ack RECEIPT/SUCCESS m3 attempt=1 to sender\n"
            "ack RECEIPT/SUCCESS m2 attempt=1 to sender\n"
            "ack RECEIPT/SUCCESS m1 attempt=1 to sender\n"
            "offer again m3 attempt=1 key=m3\n");
  target.Starts("m3", {.announce = false, .resumable = true});
  EXPECT_EQ(target.Restarts(),
            "resume m3 attempt=1 key=m3\n"
            "ack EXECUTION_ACK/IN_PROGRESS m3 attempt=1 progress=1 to sender\n"
            "ack RECEIPT/SUCCESS m2 attempt=1 to sender\n"
            "ack RECEIPT/SUCCESS m1 attempt=1 to sender\n");
  const std::string text = target.EndsWith(Ends(Status::kSuccess), "m3");
  EXPECT_NE(text.find("offer m2"), std::string::npos) << text;
}

TEST(TargetRestoreTest, WithoutTheFeatureThereIsNoStream) {
  TargetConfig config = Durable();
  config.ordered = false;
  TargetStory target(config);
  target.TakesInStream("m1", "s");
  target.Starts("m1");
  EXPECT_NE(target.Restarts().find("INTERRUPTED"), std::string::npos);
}

TEST(TargetRestoreTest, AnInterruptedWorkPassesItsTurnOn) {
  TargetStory target(Durable());
  target.TakesInStream("m1", "s");
  target.TakesInStream("m2", "s");
  target.Starts("m1");
  const std::string text = target.Restarts();
  EXPECT_NE(text.find("offer again m2"), std::string::npos) << text;
}

TEST(TargetRestoreTest, TombstonesAndMemorySurvive) {
  TargetStory target(Durable());
  target.HearsCancel("m1");
  target.Takes("m2", 1, 300 * kSecond, "job");
  target.EndsWith(Ends(Status::kSuccess), "m2");
  target.core().OnEndTold({ModuleId("sender"), MessageId("m2")}, {});
  EXPECT_EQ(target.Restarts(), "");
  EXPECT_EQ(target.Takes("m1"),
            "ack RECEIPT/SUCCESS m1 attempt=1 to sender\n"
            "ack EXECUTION_ACK/FAILURE CANCELLED m1 attempt=1 started=false memory=0 to sender\n");
  target.Waits(3600 * kSecond);
  EXPECT_EQ(target.State("m2"), "SUCCEEDED");
  target.Waits(Duration{1});
  EXPECT_EQ(target.State("m2"), "NONE");
}

TEST(TargetRestoreTest, WithoutAStoreNothingIsKnown) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.Waits(5 * kSecond);
  target.Restarts();
  EXPECT_EQ(target.State(), "NONE");
  target.Takes("m2");
  target.Waits(2 * kSecond);
  EXPECT_NE(target.HearsCancel("m2").find("memory=2000"), std::string::npos);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
