// What an outcome proves of the work: whether it was executed.
#include <gtest/gtest.h>

#include "reference/lifecycle/testing/sender_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(SenderProofTest, AFinalRefusalProvesAbsenceOnlyIfTheMemoryReachesBack) {
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

// CMB-TMR-014.
TEST(SenderProofTest, NoMemoryProvesAnythingOfWhatWasSentBeforeTheMachineRestarted) {
  for (const Duration measured_since : {7 * kSecond, 7 * kSecond + Duration{1}}) {
    SenderConfig config;
    config.measured_since = Instant{} + measured_since;
    SenderStory sender(config);
    sender.Waits(7 * kSecond);
    sender.Sends("m1");
    AckIn refusal = Refusal(false);
    refusal.memory_ms = UINT64_MAX;
    sender.Hears(refusal);
    EXPECT_EQ(sender.Record().certainty,
              measured_since == 7 * kSecond ? Certainty::kNotExecuted : Certainty::kUnknown);
  }
}

TEST(SenderProofTest, ACancelledWorkIsUnexecutedOnlyIfTheMemoryReachesBack) {
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

TEST(SenderProofTest, ACancelledWorkThatDoesNotSayWhetherItStartedProvesNothing) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Cancels();
  AckIn cancelled = Failure(ErrorCode::kCancelled);
  cancelled.memory_ms = UINT64_MAX;
  sender.Hears(cancelled);
  EXPECT_EQ(sender.Record().certainty, Certainty::kUnknown);
}

TEST(SenderProofTest, AnAttestedStartIsNeverTakenBack) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(InProgress());
  AckIn cancelled = Failure(ErrorCode::kCancelled);
  cancelled.started = false;
  cancelled.memory_ms = UINT64_MAX;
  sender.Hears(cancelled);
  EXPECT_EQ(sender.Record().certainty, Certainty::kExecuted);
}

TEST(SenderProofTest, AnInterruptionProvesNothing) {
  SenderStory sender;
  sender.Sends("m1");
  AckIn interrupted = Failure(ErrorCode::kInterrupted);
  interrupted.started = false;
  interrupted.memory_ms = UINT64_MAX;
  sender.Hears(interrupted);
  EXPECT_EQ(sender.Record().certainty, Certainty::kUnknown);
}

TEST(SenderProofTest, TheRoutersProofAfterACancelIsTaken) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Cancels();
  AckIn proof = DeliveryFailure(ErrorCode::kCancelled);
  proof.never_forwarded = true;
  EXPECT_EQ(sender.Hears(proof), "");
  EXPECT_EQ(sender.Record().certainty, Certainty::kNotExecuted);
}

// Two messages of one work: what is told of one rules nothing out for the work.
TEST(SenderProofTest, OnlyAFailedDeliveryIsTheRoutersProof) {
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

TEST(SenderProofTest, NoProofCountsWithAKeyThatIsNotTheMessagesOwn) {
  SenderStory sender;
  sender.key = IdempotencyKey("job");
  sender.Sends("m1");
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  EXPECT_EQ(sender.State(), "COMPLETED_FAILURE");
  EXPECT_EQ(sender.Record().certainty, Certainty::kUnknown);
}

TEST(SenderProofTest, NoProofCountsOnceAnotherMessageHasTheIdAsItsKey) {
  SenderStory sender;
  sender.Sends("m1");
  sender.key = IdempotencyKey("m1");
  sender.Sends("m2");
  sender.Restarts();
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  EXPECT_EQ(sender.Record().certainty, Certainty::kUnknown);
}

TEST(SenderProofTest, AProofStaysWhenTheKeyIsLentAfterIt) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  sender.key = IdempotencyKey("m1");
  sender.Sends("m2");
  EXPECT_EQ(sender.Record().certainty, Certainty::kNotExecuted);
}

TEST(SenderProofTest, AMessageThatIsNotSentBorrowsNoKey) {
  SenderStory sender;
  sender.Sends("m1");
  sender.key = IdempotencyKey("m1");
  sender.Sends("m2", {}, Duration{0});
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  EXPECT_EQ(sender.Record().certainty, Certainty::kNotExecuted);
}

TEST(SenderProofTest, AnAttestedStartOutweighsTheRejectionOfEveryAttempt) {
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

}  // namespace
}  // namespace cmb::lifecycle::testing
