#include "reference/lifecycle/target.h"

#include <gtest/gtest.h>

#include <string>

#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(TargetTest, SaysReceiptAndOffersTheWork) {
  TargetStory target;
  EXPECT_EQ(target.Takes("m1"),
            "ack RECEIPT/SUCCESS m1 attempt=1 to sender\n"
            "offer m1 attempt=1 key=m1\n");
  EXPECT_EQ(target.State(), "RECEIVED");
}

TEST(TargetTest, AStartIsOneTransitionAndOneExecution) {
  TargetStory target;
  target.Takes("m1");
  EXPECT_EQ(target.Starts(),
            "event [m1] RECEIVED -> EXECUTING (HANDLER_STARTED)\n"
            "event [m1] execution attempt=1\n");
  EXPECT_EQ(target.Starts(), "");
}

TEST(TargetTest, TheEndIsToldOnce) {
  TargetStory target;
  target.Takes("m1");
  target.Starts();
  EXPECT_EQ(target.EndsWith(Ends(Status::kSuccess)),
            "event [m1] EXECUTING -> SUCCEEDED (HANDLER_SUCCEEDED)\n"
            "ack EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n");
  EXPECT_EQ(target.EndsWith(Ends(Status::kFailure)), "");
}

TEST(TargetTest, AFailureWithoutACodeIsAnInternalError) {
  TargetStory target;
  target.Takes("m1");
  target.Starts();
  EXPECT_EQ(target.EndsWith(Ends(Status::kFailure)),
            "event [m1] EXECUTING -> FAILED (HANDLER_FAILED) INTERNAL_ERROR\n"
            "ack EXECUTION_ACK/FAILURE INTERNAL_ERROR m1 attempt=1 to sender\n");
}

TEST(TargetTest, TheResultGoesWithTheEndAndNeverWithAnother) {
  TargetStory target;
  target.Takes("m1");
  const auto result = std::make_shared<const Parcel>();
  HandlerEnd end = Ends(Status::kRejected, ErrorCode::kOverloaded, true);
  end.parcel = result;
  const auto told = [&target](const Effects& effects) {
    return std::get<SendAck>(effects.back()).parcel;
  };
  const MessageKey key{ModuleId("sender"), MessageId("m1")};
  EXPECT_EQ(told(target.core().OnHandlerEnded(key, end, target.now())), result);
  target.Takes("m1", 2);
  EXPECT_EQ(told(target.core().OnHandlerEnded(key, Ends(Status::kSuccess), target.now())), nullptr);
}

TEST(TargetTest, AnEndWithoutAStartImpliesIt) {
  TargetStory target;
  target.Takes("m1");
  EXPECT_NE(target.EndsWith(Ends(Status::kSuccess)).find("execution attempt=1"), std::string::npos);
}

TEST(TargetTest, ARefusalIsNoExecution) {
  TargetStory target;
  target.Takes("m1");
  EXPECT_EQ(target.EndsWith(Ends(Status::kRejected, ErrorCode::kPermissionDenied)),
            "event [m1] RECEIVED -> REJECTED (HANDLER_REFUSED) PERMISSION_DENIED\n"
            "ack EXECUTION_ACK/REJECTED PERMISSION_DENIED m1 attempt=1 to sender\n");
  EXPECT_EQ(target.Executions("m1"), 0u);
}

TEST(TargetTest, ARefusalAfterTheStartIsAFailure) {
  TargetStory target;
  target.Takes("m1");
  target.Starts();
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kPermissionDenied));
  EXPECT_EQ(target.State(), "FAILED");
}

TEST(TargetTest, ADuplicateOfRunningWorkGetsAReceiptOnly) {
  TargetStory target;
  target.Takes("m1");
  target.Starts();
  EXPECT_EQ(target.Takes("m1", 2), "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n");
}

TEST(TargetTest, TheEndCarriesTheHighestAttemptReceived) {
  TargetStory target;
  target.Takes("m1", 3);
  target.Takes("m1", 2);
  EXPECT_NE(target.EndsWith(Ends(Status::kSuccess)).find("SUCCESS m1 attempt=3"),
            std::string::npos);
}

TEST(TargetTest, ADuplicateOfEndedWorkHearsTheEndAgain) {
  TargetStory target;
  target.Takes("m1");
  target.EndsWith(Ends(Status::kSuccess));
  EXPECT_EQ(target.Takes("m1", 2),
            "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n"
            "ack EXECUTION_ACK/SUCCESS m1 attempt=2 to sender\n");
  EXPECT_EQ(target.Executions("m1"), 1u);
}

TEST(TargetTest, ANewIdWithAKnownKeyIsTheSameWork) {
  TargetStory target;
  target.Takes("m2", 1, 300 * kSecond, "job");
  EXPECT_EQ(target.Takes("m1", 1, 300 * kSecond, "job"),
            "ack RECEIPT/SUCCESS m1 attempt=1 to sender\n");
  target.Starts("m2");
  EXPECT_EQ(target.EndsWith(Ends(Status::kSuccess), "m2"),
            "event [m2] EXECUTING -> SUCCEEDED (HANDLER_SUCCEEDED)\n"
            "ack EXECUTION_ACK/SUCCESS m2 attempt=1 to sender\n"
            "ack EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n");
  EXPECT_EQ(target.Takes("m3", 1, 300 * kSecond, "job"),
            "ack RECEIPT/SUCCESS m3 attempt=1 to sender\n"
            "ack EXECUTION_ACK/SUCCESS m3 attempt=1 to sender\n");
  EXPECT_EQ(target.Executions("m2"), 1u);
  EXPECT_EQ(target.Executions("m1"), 0u);
}

TEST(TargetTest, EqualKeysOfTwoSourcesAreTwoWorks) {
  TargetStory target;
  target.Takes("m1", 1, 300 * kSecond, "job");
  EXPECT_NE(target.Takes("m2", 1, 300 * kSecond, "job", "other").find("offer m2"),
            std::string::npos);
}

TEST(TargetTest, WorkWithoutLifeIsRefusedOnArrival) {
  TargetStory target;
  EXPECT_EQ(target.Takes("m1", 1, Duration{0}),
            "ack RECEIPT/SUCCESS m1 attempt=1 to sender\n"
            "event [m1] RECEIVED -> REJECTED (TTL_EXPIRED) TTL_EXPIRED\n"
            "ack EXECUTION_ACK/REJECTED TTL_EXPIRED m1 attempt=1 to sender\n");
}

TEST(TargetTest, WorkThatDidNotStartInItsLifeIsDropped) {
  TargetStory target;
  target.Takes("m1", 1, kSecond);
  EXPECT_EQ(target.Waits(kSecond),
            "drop m1\n"
            "event [m1] RECEIVED -> REJECTED (TTL_EXPIRED) TTL_EXPIRED\n"
            "ack EXECUTION_ACK/REJECTED TTL_EXPIRED m1 attempt=1 to sender\n");
  EXPECT_EQ(target.Starts(), "");
  EXPECT_EQ(target.EndsWith(Ends(Status::kSuccess)), "");
}

TEST(TargetTest, AtTheInstantAtWhichTheLifeEndsNothingStarts) {
  TargetStory target;
  target.Takes("m1", 1, kSecond);
  target.WaitsShortOfTimers(kSecond);
  EXPECT_EQ(target.Starts(),
            "drop m1\n"
            "event [m1] RECEIVED -> REJECTED (TTL_EXPIRED) TTL_EXPIRED\n"
            "ack EXECUTION_ACK/REJECTED TTL_EXPIRED m1 attempt=1 to sender\n");
  EXPECT_EQ(target.Waits(kSecond), "");
}

TEST(TargetTest, AStartedWorkOutlivesItsMessage) {
  TargetStory target;
  target.Takes("m1", 1, kSecond);
  target.Starts();
  EXPECT_EQ(target.Waits(7200 * kSecond), "life ended m1\n");
  target.EndsWith(Ends(Status::kSuccess));
  EXPECT_EQ(target.State(), "SUCCEEDED");
}

TEST(TargetTest, AFullTableRecordsNothingAndForgetsNothing) {
  TargetConfig config;
  config.records = 2;
  TargetStory target(config);
  target.Takes("m1", 1, 300 * kSecond, "job");
  target.Takes("m3", 1, 300 * kSecond, "job");
  EXPECT_EQ(target.Takes("m2"), "ack RECEIPT/REJECTED BUFFER_FULL m2 attempt=1 to sender\n");
  EXPECT_EQ(target.State("m2"), "NONE");
  EXPECT_EQ(target.Takes("m1", 2), "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n");
  EXPECT_EQ(target.Takes("m4", 1, 300 * kSecond, "job"),
            "ack RECEIPT/REJECTED BUFFER_FULL m4 attempt=1 to sender\n");
}

TEST(TargetTest, ACopyAboveARetryableRefusalIsJudgedAfresh) {
  TargetStory target;
  target.Takes("m1");
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true));
  EXPECT_EQ(target.Takes("m1", 1),
            "ack RECEIPT/SUCCESS m1 attempt=1 to sender\n"
            "ack EXECUTION_ACK/REJECTED OVERLOADED m1 attempt=1 retryable to sender\n");
  EXPECT_EQ(target.Takes("m1", 2),
            "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n"
            "event [m1] REJECTED -> RECEIVED (RESEND)\n"
            "offer m1 attempt=2 key=m1\n");
}

TEST(TargetTest, CancelIsNotSupportedAndTheWorkGoesOn) {
  TargetStory target;
  target.Takes("m1");
  target.Starts();
  EXPECT_EQ(target.Hears(AckType::kCancel, Status::kUnspecified),
            "event [m1] anomaly UNSUPPORTED CANCEL attempt=1 from sender\n");
  EXPECT_EQ(target.State(), "EXECUTING");
}

TEST(TargetTest, OtherAcksAreNotForIt) {
  TargetStory target;
  target.Takes("m1");
  EXPECT_EQ(target.Hears(AckType::kReceipt, Status::kSuccess),
            "event [m1] anomaly UNAUTHORIZED_ACK RECEIPT/SUCCESS attempt=1 from sender\n");
  EXPECT_EQ(target.Hears(AckType::kCancel, Status::kUnspecified, "m2"),
            "event [m2] anomaly UNKNOWN_MESSAGE CANCEL attempt=1 from sender\n");
  EXPECT_EQ(target.Hears(AckType::kReceipt, static_cast<Status>(99)),
            "event [m1] anomaly UNKNOWN_VALUE RECEIPT/99 attempt=1 from sender\n");
}

TEST(TargetMemoryTest, TheLastInstantOfTheMemoryStillCounts) {
  TargetConfig config;
  config.key_window = Duration{0};
  TargetStory target(config);
  target.Takes("m1");
  target.EndsWith(Ends(Status::kSuccess));
  target.Waits(360 * kSecond);
  EXPECT_EQ(target.State(), "SUCCEEDED");
  target.Waits(Duration{1});
  EXPECT_EQ(target.State(), "NONE");
}

TEST(TargetMemoryTest, AnEndLongAfterTheLifeIsRememberedForTwoLatencies) {
  TargetConfig config;
  config.key_window = Duration{0};
  TargetStory target(config);
  target.Takes("m1");
  target.Starts();
  target.Waits(900 * kSecond);
  target.EndsWith(Ends(Status::kSuccess));
  target.Waits(60 * kSecond);
  EXPECT_EQ(target.State(), "SUCCEEDED");
  target.Waits(Duration{1});
  EXPECT_EQ(target.State(), "NONE");
}

TEST(TargetMemoryTest, TheKeyWindowHoldsTheWorkLonger) {
  TargetStory target;
  target.Takes("m1", 1, 300 * kSecond, "job");
  target.EndsWith(Ends(Status::kSuccess));
  target.Waits(3600 * kSecond);
  EXPECT_EQ(target.Takes("m2", 1, kSecond, "job"),
            "ack RECEIPT/SUCCESS m2 attempt=1 to sender\n"
            "ack EXECUTION_ACK/SUCCESS m2 attempt=1 to sender\n");
}

TEST(TargetMemoryTest, EveryCopyMakesItsMemoryLonger) {
  TargetConfig config;
  config.key_window = Duration{0};
  TargetStory target(config);
  target.Takes("m1");
  target.EndsWith(Ends(Status::kSuccess));
  target.Waits(300 * kSecond);
  target.Takes("m1", 2, 200 * kSecond);
  target.Waits(260 * kSecond);
  EXPECT_EQ(target.State(), "SUCCEEDED");
}

// CMB-TGT-014.
TEST(TargetTest, AHandlerThatRunsHearsThatTheLifeHasEnded) {
  TargetStory target;
  target.Takes("m1", 1, Duration{10000}, "job");
  target.Starts();
  EXPECT_EQ(target.Waits(Duration{10000}), "life ended m1\n");
  EXPECT_EQ(target.State(), "EXECUTING");
  target.Waits(Duration{1});
  EXPECT_EQ(target.Takes("m2", 1, Duration{0}, "job"),
            "ack RECEIPT/SUCCESS m2 attempt=1 to sender\n");
  EXPECT_EQ(target.Waits(Duration{0}), "life ended m1\n");  // That of m2, at once.
  target.Takes("m3", 1, Duration{5000}, "job");             // Somebody waits again.
  EXPECT_EQ(target.Waits(Duration{5000}), "life ended m1\n");
  target.EndsWith(Ends(Status::kSuccess));
  EXPECT_EQ(target.State(), "SUCCEEDED");
}

}  // namespace
}  // namespace cmb::lifecycle::testing
