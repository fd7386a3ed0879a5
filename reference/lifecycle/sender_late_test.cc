// ACKs that find the record terminal.
#include <gtest/gtest.h>

#include <string>

#include "reference/lifecycle/testing/sender_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(SenderLateTest, ALateSuccessReconcilesAndResolvesTheAlert) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Waits(kSecond);
  EXPECT_TRUE(sender.Record().dead_letter);
  EXPECT_EQ(sender.Hears(Success()),
            "event [m1] TIMEOUT_ABORT -> COMPLETED_SUCCESS (LATE_EXECUTION_ACK) EXECUTED\n"
            "event [m1] alert RESOLVED (LATE_EXECUTION_ACK)\n");
  EXPECT_FALSE(sender.Record().dead_letter);
}

TEST(SenderLateTest, ALateFailureReconcilesAndUpdatesTheAlert) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Waits(kSecond);
  EXPECT_EQ(
      sender.Hears(Failure()),
      "event [m1] TIMEOUT_ABORT -> COMPLETED_FAILURE (LATE_EXECUTION_ACK) EXECUTED INTERNAL_ERROR\n"
      "event [m1] alert UPDATED (LATE_EXECUTION_ACK) INTERNAL_ERROR\n");
}

TEST(SenderLateTest, TheLastMillisecondOfTheWindowCounts) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Waits(kSecond);
  sender.Waits(300 * kSecond);
  sender.Hears(Success());
  EXPECT_EQ(sender.State(), "COMPLETED_SUCCESS");
}

TEST(SenderLateTest, TheNextMillisecondDoesNot) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Waits(kSecond);
  sender.Waits(300 * kSecond + Duration{1});
  EXPECT_EQ(sender.Hears(Success()),
            "event [m1] anomaly LATE_AFTER_WINDOW EXECUTION_ACK/SUCCESS attempt=1 from target\n");
  EXPECT_EQ(sender.State(), "TIMEOUT_ABORT");
  EXPECT_EQ(sender.Record().certainty, Certainty::kExecuted);
}

TEST(SenderLateTest, TheRecordIsHeldForTwoLatenciesMore) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Waits(kSecond);
  sender.Waits(360 * kSecond);
  EXPECT_NE(sender.Hears(Success()).find("LATE_AFTER_WINDOW"), std::string::npos);
  sender.Waits(Duration{1});
  EXPECT_NE(sender.Hears(Success()).find("UNKNOWN_MESSAGE"), std::string::npos);
  EXPECT_TRUE(sender.core().Timers().empty());
}

TEST(SenderLateTest, ATerminalThatContradictsIsOneConflict) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(Success());
  EXPECT_EQ(sender.Hears(Failure()),
            "event [m1] anomaly CONFLICT EXECUTION_ACK/FAILURE attempt=1 from target\n");
  EXPECT_EQ(sender.Hears(Failure()),
            "event [m1] anomaly DUPLICATE_ACK EXECUTION_ACK/FAILURE attempt=1 from target\n");
  EXPECT_EQ(sender.State(), "COMPLETED_SUCCESS");
}

TEST(SenderLateTest, ATerminalThatAgreesUnderAnotherAttemptIsADuplicate) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(Success(1));
  EXPECT_EQ(sender.Hears(Success(2)),
            "event [m1] anomaly DUPLICATE_ACK EXECUTION_ACK/SUCCESS attempt=2 from target\n");
}

TEST(SenderLateTest, ALateStartIsKnowledge) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Waits(kSecond);
  EXPECT_EQ(
      sender.Hears(InProgress()),
      "event [m1] anomaly OUT_OF_ORDER_ACK EXECUTION_ACK/IN_PROGRESS attempt=1 from target\n");
  EXPECT_EQ(sender.Record().certainty, Certainty::kExecuted);
  EXPECT_EQ(sender.State(), "TIMEOUT_ABORT");
}

TEST(SenderLateTest, ASuccessReconcilesWhatTheRouterAloneHadFailed) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(DeliveryFailure(ErrorCode::kAgentShutdown));
  EXPECT_EQ(sender.Hears(Success()),
            "event [m1] COMPLETED_FAILURE -> COMPLETED_SUCCESS (LATE_EXECUTION_ACK) EXECUTED\n"
            "event [m1] alert RESOLVED (LATE_EXECUTION_ACK)\n");
}

TEST(SenderLateTest, AFailureThatAgreesSettlesWhatTheRouterHadFailed) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(DeliveryFailure(ErrorCode::kAgentShutdown));
  EXPECT_EQ(sender.Hears(Failure()),
            "event [m1] anomaly DUPLICATE_ACK EXECUTION_ACK/FAILURE attempt=1 from target\n");
  sender.Restarts();
  EXPECT_EQ(sender.Hears(Success()),
            "event [m1] anomaly CONFLICT EXECUTION_ACK/SUCCESS attempt=1 from target\n");
}

TEST(SenderLateTest, ASuccessAfterAProofOfAbsenceReconcilesAndIsAConflict) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  EXPECT_EQ(sender.Hears(Success()),
            "event [m1] COMPLETED_FAILURE -> COMPLETED_SUCCESS (LATE_EXECUTION_ACK) EXECUTED\n"
            "event [m1] anomaly CONFLICT EXECUTION_ACK/SUCCESS attempt=1 from target\n"
            "event [m1] alert UPDATED (LATE_EXECUTION_ACK)\n");
}

TEST(SenderLateTest, AStartThatDisprovesIsToldOnceAndNeverResolved) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Cancels();
  AckIn proof = DeliveryFailure(ErrorCode::kCancelled);
  proof.never_forwarded = true;
  sender.Hears(proof);
  EXPECT_EQ(sender.Hears(InProgress()),
            "event [m1] anomaly CONFLICT EXECUTION_ACK/IN_PROGRESS attempt=1 from target\n"
            "event [m1] alert RAISED (EXECUTION_ACK)\n");
  EXPECT_EQ(sender.Record().certainty, Certainty::kExecuted);
  sender.Restarts();
  EXPECT_EQ(sender.Hears(Success()),
            "event [m1] TIMEOUT_ABORT -> COMPLETED_SUCCESS (LATE_EXECUTION_ACK) EXECUTED\n"
            "event [m1] alert UPDATED (LATE_EXECUTION_ACK)\n");
}

TEST(SenderLateTest, AMessageMayHaveAWindowOfItsOwn) {
  SenderStory sender;
  sender.reconcile_window = 5 * kSecond;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Waits(6 * kSecond);
  sender.Waits(Duration{1});
  EXPECT_NE(sender.Hears(Success()).find("LATE_AFTER_WINDOW"), std::string::npos);
}

TEST(SenderLateTest, AnAbortByCancelReconcilesWithoutAnAlert) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Cancels();
  EXPECT_EQ(sender.Hears(Success()),
            "event [m1] TIMEOUT_ABORT -> COMPLETED_SUCCESS (LATE_EXECUTION_ACK) EXECUTED\n");
}

TEST(SenderLateTest, AFailureAfterCompletionByRequiredAckIsToldOnce) {
  SenderStory sender;
  DeliveryPolicy policy;
  policy.required_ack = AckType::kRouterAck;
  sender.Sends("m1", policy);
  sender.Hears(RouterAck());
  EXPECT_EQ(sender.Hears(RouterTimeout()),
            "event [m1] anomaly LATE_FAILURE TIMEOUT/FAILURE attempt=1 from @router\n"
            "event [m1] alert RAISED (TIMEOUT) ACK_TIMEOUT\n");
  EXPECT_EQ(sender.Hears(Failure()),
            "event [m1] anomaly LATE_FAILURE EXECUTION_ACK/FAILURE attempt=1 from target\n");
  EXPECT_EQ(sender.Hears(Success()), "event [m1] alert RESOLVED (EXECUTION_ACK)\n");
  EXPECT_EQ(sender.State(), "COMPLETED_SUCCESS");
}

TEST(SenderLateTest, BadNewsInATerminalRecordIsUnexpected) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(Success());
  EXPECT_EQ(sender.Hears(RouterTimeout()),
            "event [m1] anomaly UNEXPECTED_ACK TIMEOUT/FAILURE attempt=1 from @router\n");
}

TEST(SenderLateTest, AlertsSayWhatBecameOfTheMessage) {
  SenderStory sender;
  const auto hears = [&sender](AckIn ack, const char* id) {
    ack.correlation_id = MessageId(id);
    return AlertText(sender.core().OnAck(ack, sender.now()));
  };
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Sends("m2", PolicyWithRetries(0));
  sender.Sends("m3");
  sender.Waits(kSecond);
  EXPECT_EQ(hears(Success(), "m1"), "message m1 to target: succeeded after all");
  EXPECT_EQ(hears(Failure(ErrorCode::kOverloaded), "m2"),
            "message m2 to target: the target ended it late (OVERLOADED)");
  sender.Sends("m4");
  EXPECT_EQ(hears(Failure(ErrorCode::kUnspecified), "m4"),
            "message m4 to target: the target refused it or failed");
  hears(RouterRejection(ErrorCode::kPermissionDenied), "m3");
  EXPECT_EQ(hears(Failure(), "m3"),
            "message m3 to target: its work was started, though that had been ruled out");
}

}  // namespace
}  // namespace cmb::lifecycle::testing
