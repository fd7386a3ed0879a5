// ACKs that find the record terminal, and what outcomes prove.
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

TEST(SenderLateTest, AFinalRefusalProvesAbsenceOnlyIfTheMemoryReachesBack) {
  for (const std::uint64_t memory_ms : {std::uint64_t{4999}, std::uint64_t{5000}}) {
    SenderStory sender;
    sender.Waits(7 * kSecond);
    sender.Sends("m1");
    sender.Hears(DeliveryAck());
    sender.Waits(5 * kSecond);
    AckIn refusal = Refusal(false);
    refusal.memory_ms = memory_ms;
    sender.Hears(refusal);
    EXPECT_EQ(sender.Record().certainty,
              memory_ms >= 5000 ? Certainty::kNotExecuted : Certainty::kUnknown);
    EXPECT_EQ(ViewsOf(sender.Record()).sw4rm, "REJECTED");
  }
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

TEST(SenderLateTest, ACancelledWorkIsUnexecutedOnlyIfTheMemoryReachesBack) {
  for (const std::uint64_t memory_ms : {std::uint64_t{4999}, std::uint64_t{5000}}) {
    SenderStory sender;
    sender.Waits(7 * kSecond);
    sender.Sends("m1");
    sender.Hears(DeliveryAck());
    sender.Waits(5 * kSecond);
    sender.Cancels();
    AckIn cancelled = Failure(ErrorCode::kCancelled);
    cancelled.started = false;
    cancelled.memory_ms = memory_ms;
    sender.Hears(cancelled);
    EXPECT_EQ(sender.Record().certainty,
              memory_ms >= 5000 ? Certainty::kNotExecuted : Certainty::kUnknown);
  }
}

TEST(SenderLateTest, ACancelledWorkThatDoesNotSayWhetherItStartedProvesNothing) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Cancels();
  AckIn cancelled = Failure(ErrorCode::kCancelled);
  cancelled.memory_ms = UINT64_MAX;
  sender.Hears(cancelled);
  EXPECT_EQ(sender.Record().certainty, Certainty::kUnknown);
}

TEST(SenderLateTest, AnAttestedStartIsNeverTakenBack) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(InProgress());
  AckIn cancelled = Failure(ErrorCode::kCancelled);
  cancelled.started = false;
  cancelled.memory_ms = UINT64_MAX;
  sender.Hears(cancelled);
  EXPECT_EQ(sender.Record().certainty, Certainty::kExecuted);
}

TEST(SenderLateTest, AnInterruptionProvesNothing) {
  SenderStory sender;
  sender.Sends("m1");
  AckIn interrupted = Failure(ErrorCode::kInterrupted);
  interrupted.started = false;
  interrupted.memory_ms = UINT64_MAX;
  sender.Hears(interrupted);
  EXPECT_EQ(sender.Record().certainty, Certainty::kUnknown);
}

TEST(SenderLateTest, TheRoutersProofAfterACancelIsTaken) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Cancels();
  AckIn proof = DeliveryFailure(ErrorCode::kCancelled);
  proof.never_forwarded = true;
  EXPECT_EQ(sender.Hears(proof), "");
  EXPECT_EQ(sender.Record().certainty, Certainty::kNotExecuted);
}

// Two messages of one work: what is told of one rules nothing out for the work.
TEST(SenderLateTest, OnlyAFailedDeliveryIsTheRoutersProof) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Cancels();
  AckIn proof = AckOf(AckType::kTimeout, Status::kFailure, 1, ErrorCode::kCancelled);
  proof.never_forwarded = true;
  sender.Hears(proof);
  proof.type = AckType::kDeliveryAck;
  proof.status = Status::kSuccess;
  sender.Hears(proof);
  EXPECT_EQ(sender.Record().certainty, Certainty::kUnknown);
}

TEST(SenderLateTest, NoProofCountsWithAKeyThatIsNotTheMessagesOwn) {
  SenderStory sender;
  sender.key = IdempotencyKey("job");
  sender.Sends("m1");
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  EXPECT_EQ(sender.State(), "COMPLETED_FAILURE");
  EXPECT_EQ(sender.Record().certainty, Certainty::kUnknown);
}

TEST(SenderLateTest, NoProofCountsOnceAnotherMessageHasTheIdAsItsKey) {
  SenderStory sender;
  sender.Sends("m1");
  sender.key = IdempotencyKey("m1");
  sender.Sends("m2");
  sender.Restarts();
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  EXPECT_EQ(sender.Record().certainty, Certainty::kUnknown);
}

TEST(SenderLateTest, AProofStaysWhenTheKeyIsLentAfterIt) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  sender.key = IdempotencyKey("m1");
  sender.Sends("m2");
  EXPECT_EQ(sender.Record().certainty, Certainty::kNotExecuted);
}

TEST(SenderLateTest, AMessageThatIsNotSentBorrowsNoKey) {
  SenderStory sender;
  sender.Sends("m1");
  sender.key = IdempotencyKey("m1");
  sender.Sends("m2", {}, Duration{0});
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  EXPECT_EQ(sender.Record().certainty, Certainty::kNotExecuted);
}

TEST(SenderLateTest, AnAttestedStartOutweighsTheRejectionOfEveryAttempt) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(1));
  sender.Hears(RouterRejection(ErrorCode::kBufferFull));
  sender.Hears(InProgress());
  sender.Waits(61 * kSecond);
  sender.Hears(RouterRejection(ErrorCode::kBufferFull, 2));
  EXPECT_EQ(sender.State(), "COMPLETED_FAILURE");
  EXPECT_EQ(sender.Record().certainty, Certainty::kExecuted);
}

// CMB-LATE-019.
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
