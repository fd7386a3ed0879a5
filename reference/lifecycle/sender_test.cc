#include "reference/lifecycle/sender.h"

#include <gtest/gtest.h>

#include <string>

#include "reference/lifecycle/testing/sender_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(SenderTest, SendsAndWaitsForTheRouter) {
  SenderStory sender;
  EXPECT_EQ(sender.Sends("m1"),
            "event [m1] IDLE -> SEND_PENDING (SEND)\n"
            "send MESSAGE m1 attempt=1 ttl=300000 on main to target\n");
  EXPECT_EQ(sender.TimersLeft(), "ROUTER_ACK 1000\nTTL 300000\n");
}

TEST(SenderTest, PassesEveryStage) {
  SenderStory sender;
  sender.Sends("m1");
  EXPECT_EQ(sender.Hears(RouterAck()), "event [m1] SEND_PENDING -> ROUTED (ROUTER_ACK)\n");
  EXPECT_EQ(sender.TimersLeft(), "DELIVERY_ACK 10000\nTTL 300000\n");
  EXPECT_EQ(sender.Hears(DeliveryAck()), "event [m1] ROUTED -> DELIVERED (DELIVERY_ACK)\n");
  EXPECT_EQ(sender.TimersLeft(), "EXECUTION 60000\nTTL 300000\n");
  EXPECT_EQ(sender.Hears(InProgress()), "event [m1] DELIVERED -> EXECUTING (EXECUTION_ACK)\n");
  EXPECT_EQ(sender.Hears(Success()),
            "event [m1] EXECUTING -> COMPLETED_SUCCESS (EXECUTION_ACK) EXECUTED\n");
  EXPECT_EQ(sender.TimersLeft(), "");
}

TEST(SenderTest, ALaterAckImpliesTheEarlierOnes) {
  SenderStory sender;
  sender.Sends("m1");
  EXPECT_EQ(sender.Hears(Success()),
            "event [m1] SEND_PENDING -> COMPLETED_SUCCESS (EXECUTION_ACK) EXECUTED "
            "skipped=ROUTER_ACK skipped=DELIVERY_ACK\n");
}

TEST(SenderTest, SkippedStagesAreListedOnce) {
  SenderStory sender;
  sender.Sends("m1");
  EXPECT_EQ(sender.Hears(DeliveryAck()),
            "event [m1] SEND_PENDING -> DELIVERED (DELIVERY_ACK) skipped=ROUTER_ACK\n");
  EXPECT_EQ(sender.Hears(Success()),
            "event [m1] DELIVERED -> COMPLETED_SUCCESS (EXECUTION_ACK) EXECUTED\n");
}

TEST(SenderTest, AnEarlierStageChangesNothing) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(DeliveryAck());
  EXPECT_EQ(sender.Hears(RouterAck()),
            "event [m1] anomaly OUT_OF_ORDER_ACK ROUTER_ACK/SUCCESS attempt=1 from @router\n");
  EXPECT_EQ(sender.State(), "DELIVERED");
}

TEST(SenderTest, ADuplicateIsCountedInWhateverState) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(RouterAck());
  sender.Hears(Success());
  EXPECT_EQ(sender.Hears(RouterAck()),
            "event [m1] anomaly DUPLICATE_ACK ROUTER_ACK/SUCCESS attempt=1 from @router\n");
}

TEST(SenderTest, OnlyTheRouterSpeaksOfRouting) {
  SenderStory sender;
  sender.Sends("m1");
  AckIn forged = RouterAck();
  forged.source = ModuleId("target");
  EXPECT_EQ(sender.Hears(forged),
            "event [m1] anomaly UNAUTHORIZED_ACK ROUTER_ACK/SUCCESS attempt=1 from target\n");
  EXPECT_EQ(sender.Hears(RouterAck()), "event [m1] SEND_PENDING -> ROUTED (ROUTER_ACK)\n");
}

TEST(SenderTest, OnlyTheTargetSpeaksOfExecution) {
  SenderStory sender;
  sender.Sends("m1");
  AckIn forged = Success();
  forged.source = ModuleId("mallory");
  EXPECT_EQ(sender.Hears(forged),
            "event [m1] anomaly UNAUTHORIZED_ACK EXECUTION_ACK/SUCCESS attempt=1 from mallory\n");
}

TEST(SenderTest, NobodyTellsASenderWhatIsForOthers) {
  SenderStory sender;
  sender.Sends("m1");
  for (const ModuleId& author : {kRouterId, ModuleId("target")}) {
    for (AckIn ack : {AckOf(AckType::kCancel, Status::kUnspecified),
                      AckOf(AckType::kReceipt, Status::kSuccess)}) {
      ack.source = author;
      EXPECT_NE(sender.Hears(ack).find("anomaly UNAUTHORIZED_ACK"), std::string::npos);
    }
  }
}

TEST(SenderTest, AnUnknownPairIsJudgedBeforeTheMessage) {
  SenderStory sender;
  AckIn strange = RouterAck();
  strange.type = static_cast<AckType>(99);
  EXPECT_EQ(sender.Hears(strange),
            "event [m1] anomaly UNKNOWN_VALUE 99/SUCCESS attempt=1 from @router\n");
  EXPECT_EQ(sender.Hears(RouterAck()),
            "event [m1] anomaly UNKNOWN_MESSAGE ROUTER_ACK/SUCCESS attempt=1 from @router\n");
}

TEST(SenderTest, RequiredAckCompletesAtItsStage) {
  SenderStory sender;
  DeliveryPolicy policy;
  policy.required_ack = AckType::kDeliveryAck;
  sender.Sends("m1", policy);
  sender.Hears(RouterAck());
  EXPECT_EQ(sender.Hears(DeliveryAck()),
            "event [m1] ROUTED -> COMPLETED_SUCCESS (DELIVERY_ACK) UNKNOWN\n");
  EXPECT_EQ(ViewsOf(sender.Record()).sw4rm, "RECEIVED");
}

TEST(SenderTest, AfterRequiredAckTheEndOfTheWorkIsOnlyKnowledge) {
  SenderStory sender;
  DeliveryPolicy policy;
  policy.required_ack = AckType::kRouterAck;
  sender.Sends("m1", policy);
  sender.Hears(RouterAck());
  EXPECT_EQ(ViewsOf(sender.Record()).cmb_v0, "DONE");
  EXPECT_EQ(ViewsOf(sender.Record()).sw4rm, "SENT");
  EXPECT_EQ(sender.Hears(Success()), "");
  EXPECT_EQ(sender.Record().certainty, Certainty::kExecuted);
  EXPECT_EQ(ViewsOf(sender.Record()).sw4rm, "FULFILLED");
  EXPECT_EQ(sender.Hears(Failure()),
            "event [m1] anomaly CONFLICT EXECUTION_ACK/FAILURE attempt=1 from target\n");
  EXPECT_EQ(sender.Hears(RouterTimeout()),
            "event [m1] anomaly UNEXPECTED_ACK TIMEOUT/FAILURE attempt=1 from @router\n");
}

TEST(SenderTest, ProgressStartsTheExecutionTimerAnew) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(InProgress());
  sender.Waits(9 * kSecond);
  EXPECT_EQ(sender.Hears(Progress(2)), "event [m1] progress number=2\n");
  EXPECT_EQ(sender.TimersLeft(), "EXECUTION 60000\nTTL 291000\n");
  EXPECT_EQ(sender.Hears(Progress(2)),
            "event [m1] anomaly DUPLICATE_ACK PROGRESS_ACK/IN_PROGRESS attempt=1 from target\n");
}

TEST(SenderTest, AHoldIsWaitedForFirstAndProvesNoStart) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Hears(Held(40 * kSecond));
  EXPECT_EQ(sender.TimersLeft(), "EXECUTION 100000\nTTL 300000\n");
  sender.Waits(100 * kSecond);
  EXPECT_EQ(sender.Record().certainty, Certainty::kUnknown);
}

TEST(SenderTest, ALifeOfZeroEndsAtOnceAndNothingIsSent) {
  SenderStory sender;
  EXPECT_EQ(sender.Sends("m1", {}, Duration{0}),
            "event [m1] IDLE -> SEND_PENDING (SEND)\n"
            "event [m1] SEND_PENDING -> TIMEOUT_ABORT (TTL_EXPIRED) UNKNOWN TTL_EXPIRED\n"
            "event [m1] alert RAISED (TTL_EXPIRED) TTL_EXPIRED\n");
  EXPECT_EQ(sender.Record().attempt, 0u);
}

TEST(SenderTest, CancelTellsTheTargetAndRaisesNoAlert) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(RouterAck());
  EXPECT_EQ(sender.Cancels(),
            "event [m1] ROUTED -> TIMEOUT_ABORT (CANCEL) UNKNOWN CANCELLED\n"
            "ack CANCEL m1 attempt=1 to target\n");
  EXPECT_EQ(sender.Cancels(), "");
}

TEST(SenderTest, RefusesWhatItCannotCarry) {
  SenderConfig config;
  config.in_flight = 1;
  SenderStory sender(config);
  sender.Sends("m1");
  EXPECT_EQ(sender.Sends("m2"), "refused OVERLOADED\n");
  EXPECT_EQ(sender.Sends("m1"), "refused VALIDATION_ERROR\n");
  EXPECT_EQ(sender.Sends(""), "refused VALIDATION_ERROR\n");
  sender.Hears(Success());
  EXPECT_NE(sender.Sends("m2"), "refused OVERLOADED\n");
}

TEST(SenderTest, RefusesAPolicyOutsideItsRanges) {
  DeliveryPolicy policy;
  policy.backoff_factor = 0.5;
  SenderStory sender;
  EXPECT_EQ(sender.Sends("m1", policy), "refused VALIDATION_ERROR\n");
  EXPECT_EQ(sender.Sends("m1", {}, Duration{604800001}), "refused VALIDATION_ERROR\n");
  EXPECT_EQ(sender.Sends("m1", {}, Duration{-1}), "refused VALIDATION_ERROR\n");
  EXPECT_EQ(sender.core().size(), 0u);
}

TEST(SenderTest, RefusesWhatHasNoWayAndKnowsNothingOfIt) {
  SenderStory sender;
  Outgoing outgoing;
  outgoing.id = MessageId("m1");
  outgoing.target = ModuleId("target");
  const auto refusal = [&] {
    return std::get<SendRefusal>(sender.core().Send(outgoing, sender.now())).code;
  };
  EXPECT_EQ(refusal(), ErrorCode::kValidationError);
  outgoing.channel = ChannelName("main");
  outgoing.target = ModuleId();
  EXPECT_EQ(refusal(), ErrorCode::kValidationError);
  EXPECT_FALSE(sender.core().Image(outgoing.id));
}

TEST(SenderTest, MessagesDoNotDisturbEachOther) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Sends("m2");
  sender.Hears(Success());
  EXPECT_EQ(sender.State("m1"), "COMPLETED_SUCCESS");
  EXPECT_EQ(sender.State("m2"), "SEND_PENDING");
  EXPECT_EQ(sender.core().in_flight(), 1u);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
