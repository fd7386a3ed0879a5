// Retries, budgets, refusals and giving up.
#include <gtest/gtest.h>

#include <string>

#include "reference/lifecycle/testing/sender_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(SenderRetryTest, TheBackoffStandsBetweenExpiryAndReSend) {
  SenderStory sender({}, {0.5, 1.5});
  sender.Sends("m1");
  EXPECT_EQ(sender.Waits(kSecond), "event [m1] retry (ROUTER_ACK_TIMEOUT) attempt=2 backoff=500\n");
  EXPECT_EQ(sender.Waits(Duration{499}), "");
  EXPECT_EQ(sender.Waits(Duration{1}), "send MESSAGE m1 attempt=2 ttl=298500 on main to target\n");
  EXPECT_EQ(sender.Waits(kSecond),
            "event [m1] retry (ROUTER_ACK_TIMEOUT) attempt=3 backoff=3000\n");
}

TEST(SenderRetryTest, ALaterPhaseGoesBackToSendPending) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(DeliveryAck());
  EXPECT_EQ(sender.Waits(60 * kSecond),
            "event [m1] DELIVERED -> SEND_PENDING (EXECUTION_TIMEOUT) ACK_TIMEOUT\n"
            "event [m1] retry (EXECUTION_TIMEOUT) attempt=2 backoff=1000\n");
}

TEST(SenderRetryTest, ExhaustedRetriesRaiseOneAlertWithTheFleetsWords) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(1));
  sender.Waits(2 * kSecond);
  EXPECT_EQ(sender.Waits(kSecond),
            "event [m1] SEND_PENDING -> TIMEOUT_ABORT (ROUTER_ACK_TIMEOUT) UNKNOWN ACK_TIMEOUT\n"
            "ack TIMEOUT/FAILURE ACK_TIMEOUT m1 attempt=2 to @router\n"
            "event [m1] alert RAISED (ROUTER_ACK_TIMEOUT) ACK_TIMEOUT\n");
  EXPECT_EQ(sender.Waits(299 * kSecond), "");
}

TEST(SenderRetryTest, TheAlertNamesRetriesAndChannel) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Waits(Duration{999});
  EXPECT_EQ(AlertText(*sender.core().FireNext(AtMs(1000), TimerClass::kProtocol)),
            "Fleet: message m1 to target failed after 0 retries.\n"
            "Check target connectivity. Last channel attempted: main");
}

TEST(SenderRetryTest, TheAlertOfAnyOtherEndNamesItsCode) {
  SenderStory sender;
  sender.Sends("m1", {}, Duration{500});
  sender.Waits(Duration{499});
  EXPECT_EQ(AlertText(*sender.core().FireNext(AtMs(500), TimerClass::kProtocol)),
            "message m1 to target: its time to live ended (TTL_EXPIRED)");
}

TEST(SenderRetryTest, GoodNewsEndsAWaitingBackoff) {
  SenderStory sender;
  DeliveryPolicy policy;
  policy.backoff_first = 10 * kSecond;
  sender.Sends("m1", policy);
  sender.Waits(3 * kSecond);
  EXPECT_EQ(sender.Hears(RouterAck(1)), "event [m1] SEND_PENDING -> ROUTED (ROUTER_ACK)\n");
  EXPECT_EQ(sender.TimersLeft(), "DELIVERY_ACK 10000\nTTL 297000\n");
  EXPECT_EQ(sender.Waits(9 * kSecond), "");
}

TEST(SenderRetryTest, ABackoffThatWasEndedIsForgotten) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Waits(kSecond);
  sender.Hears(RouterAck(1));
  EXPECT_EQ(sender.Hears(RouterTimeout(1)),
            "event [m1] ROUTED -> SEND_PENDING (TIMEOUT) ACK_TIMEOUT\n"
            "event [m1] retry (TIMEOUT) attempt=2 backoff=1000\n");
}

TEST(SenderRetryTest, AClockThatRanLateSendsNothingWithoutLife) {
  SenderStory sender;
  sender.Sends("m1", {}, Duration{2500});
  sender.Waits(kSecond);
  EXPECT_EQ(ToText(*sender.core().FireNext(AtMs(2500), TimerClass::kProtocol)), "");
}

TEST(SenderRetryTest, BadNewsOfAnEarlierAttemptIsStale) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Waits(2 * kSecond);
  EXPECT_EQ(sender.Hears(RouterRejection(ErrorCode::kNoRoute, 1)),
            "event [m1] anomaly STALE_ATTEMPT ROUTER_ACK/REJECTED attempt=1 from @router\n");
  EXPECT_EQ(sender.Hears(Refusal(true, 1)),
            "event [m1] anomaly STALE_ATTEMPT EXECUTION_ACK/REJECTED attempt=1 from target\n");
  EXPECT_EQ(sender.State(), "SEND_PENDING");
}

TEST(SenderRetryTest, ARetryableRefusalWaitsAndTriesAgain) {
  SenderStory sender;
  sender.Sends("m1");
  EXPECT_EQ(sender.Hears(RouterRejection(ErrorCode::kBufferFull)),
            "event [m1] retry (ROUTER_ACK) attempt=2 backoff=1000\n");
}

TEST(SenderRetryTest, WhileARetryWaitsTheSameBadNewsAddsNothing) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(RouterRejection(ErrorCode::kBufferFull));
  EXPECT_EQ(sender.Hears(RouterTimeout()), "");
  EXPECT_EQ(sender.Hears(DeliveryFailure(ErrorCode::kOverloaded)), "");
  EXPECT_EQ(sender.TimersLeft(), "BACKOFF 1000\nTTL 300000\n");
}

TEST(SenderRetryTest, ARefusalOfEveryAttemptProvesThatNothingWasExecuted) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(1));
  sender.Hears(RouterRejection(ErrorCode::kBufferFull, 1));
  sender.Waits(kSecond);
  EXPECT_EQ(
      sender.Hears(RouterRejection(ErrorCode::kPermissionDenied, 2)),
      "event [m1] SEND_PENDING -> COMPLETED_FAILURE (ROUTER_ACK) NOT_EXECUTED PERMISSION_DENIED\n"
      "event [m1] alert RAISED (ROUTER_ACK) PERMISSION_DENIED\n");
}

TEST(SenderRetryTest, ARefusalAfterAnUnansweredAttemptProvesNothing) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Waits(2 * kSecond);
  EXPECT_EQ(sender.Hears(RouterRejection(ErrorCode::kPermissionDenied, 2)),
            "event [m1] SEND_PENDING -> TIMEOUT_ABORT (ROUTER_ACK) UNKNOWN PERMISSION_DENIED\n"
            "ack TIMEOUT/FAILURE ACK_TIMEOUT m1 attempt=2 to @router\n"
            "event [m1] alert RAISED (ROUTER_ACK) PERMISSION_DENIED\n");
}

TEST(SenderRetryTest, ARefusalThatCameLateProvesNothingEither) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Waits(2 * kSecond);
  sender.Hears(RouterRejection(ErrorCode::kBufferFull, 1));  // Stale.
  sender.Hears(RouterRejection(ErrorCode::kPermissionDenied, 2));
  EXPECT_EQ(sender.State(), "TIMEOUT_ABORT");
}

// CMB-RTY-010.
TEST(SenderRetryTest, ATargetThatWasThereMayComeBack) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Waits(2 * kSecond);
  EXPECT_EQ(sender.Hears(RouterRejection(ErrorCode::kNoRoute, 2)),
            "event [m1] retry (ROUTER_ACK) attempt=3 backoff=2000\n");
}

TEST(SenderRetryTest, ATargetThatWasNeverThereIsNotLookedForAgain) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  EXPECT_EQ(sender.State(), "COMPLETED_FAILURE");
}

TEST(SenderRetryTest, AnotherChannelMayHaveARoute) {
  SenderConfig config;
  config.fallback = true;
  SenderStory sender(config);
  sender.channels = {ChannelName("main"), ChannelName("backup")};
  sender.Sends("m1");
  EXPECT_EQ(sender.Hears(RouterRejection(ErrorCode::kNoRoute)),
            "event [m1] retry (ROUTER_ACK) attempt=2 backoff=1000\n");
}

TEST(SenderRetryTest, ARefusalCannotUndoAcceptance) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(RouterAck());
  EXPECT_EQ(sender.Hears(RouterRejection(ErrorCode::kNoRoute)),
            "event [m1] anomaly UNEXPECTED_ACK ROUTER_ACK/REJECTED attempt=1 from @router\n");
}

TEST(SenderRetryTest, TheRoutersTimeoutIsTheDeliveryTimer) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(RouterAck());
  EXPECT_EQ(sender.Hears(RouterTimeout()),
            "event [m1] ROUTED -> SEND_PENDING (TIMEOUT) ACK_TIMEOUT\n"
            "event [m1] retry (TIMEOUT) attempt=2 backoff=1000\n");
}

TEST(SenderRetryTest, AfterDeliveryTheRoutersTimeoutIsUnexpected) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(DeliveryAck());
  EXPECT_EQ(sender.Hears(RouterTimeout()),
            "event [m1] anomaly UNEXPECTED_ACK TIMEOUT/FAILURE attempt=1 from @router\n");
}

TEST(SenderRetryTest, AFinalDeliveryFailureEndsInUncertainty) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(RouterAck());
  EXPECT_EQ(sender.Hears(DeliveryFailure(ErrorCode::kAgentShutdown)),
            "event [m1] ROUTED -> COMPLETED_FAILURE (DELIVERY_ACK) UNKNOWN AGENT_SHUTDOWN\n"
            "event [m1] alert RAISED (DELIVERY_ACK) AGENT_SHUTDOWN\n");
}

TEST(SenderRetryTest, ARetryableRefusalOfTheTargetIsTriedAgain) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(1));
  sender.Hears(DeliveryAck());
  EXPECT_EQ(sender.Hears(Refusal(true)),
            "event [m1] DELIVERED -> SEND_PENDING (EXECUTION_ACK) PERMISSION_DENIED\n"
            "event [m1] retry (EXECUTION_ACK) attempt=2 backoff=1000\n");
  sender.Waits(kSecond);
  EXPECT_EQ(sender.Hears(Refusal(true, 2)),
            "event [m1] SEND_PENDING -> COMPLETED_FAILURE (EXECUTION_ACK) UNKNOWN "
            "skipped=ROUTER_ACK skipped=DELIVERY_ACK PERMISSION_DENIED\n"
            "event [m1] alert RAISED (EXECUTION_ACK) PERMISSION_DENIED\n");
}

TEST(SenderRetryTest, AFailedExecutionIsNeverRetried) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(Failure(ErrorCode::kBufferFull));
  EXPECT_EQ(sender.State(), "COMPLETED_FAILURE");
  EXPECT_EQ(sender.Waits(299 * kSecond), "");
}

TEST(SenderRetryTest, TheEndOfLifePrecedesAPhaseTimerOfTheSameInstant) {
  SenderStory sender;
  sender.Sends("m1", {}, kSecond);
  EXPECT_EQ(sender.Waits(kSecond),
            "event [m1] SEND_PENDING -> TIMEOUT_ABORT (TTL_EXPIRED) UNKNOWN TTL_EXPIRED\n"
            "ack TIMEOUT/FAILURE TTL_EXPIRED m1 attempt=1 to @router\n"
            "event [m1] alert RAISED (TTL_EXPIRED) TTL_EXPIRED\n");
}

TEST(SenderRetryTest, ABackoffLongerThanTheLifeIsEnteredAllTheSame) {
  SenderStory sender;
  DeliveryPolicy policy;
  policy.backoff_first = 10 * kSecond;
  sender.Sends("m1", policy, 5 * kSecond);
  EXPECT_EQ(sender.Waits(kSecond),
            "event [m1] retry (ROUTER_ACK_TIMEOUT) attempt=2 backoff=10000\n");
  sender.Waits(4 * kSecond);
  EXPECT_EQ(sender.Record().reason, Reason::kTtlExpired);
  EXPECT_EQ(sender.Record().attempt, 1u);
}

TEST(SenderRetryTest, TheLastAttemptMaySucceed) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(2));
  sender.Waits(5 * kSecond);
  EXPECT_EQ(sender.Record().attempt, 3u);
  sender.Hears(Success(3));
  EXPECT_EQ(sender.State(), "COMPLETED_SUCCESS");
  EXPECT_EQ(sender.Record().alert, AlertState::kUnspecified);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
