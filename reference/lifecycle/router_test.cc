#include "reference/lifecycle/router.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(RouterTest, ForwardsAndAcknowledgesInOneStep) {
  RouterStory router;
  EXPECT_EQ(router.Takes(Copy()),
            "forward MESSAGE m1 attempt=1 ttl=300000 delivery=1 on main to target\n"
            "ack ROUTER_ACK/SUCCESS m1 attempt=1 to sender\n");
  EXPECT_EQ(router.State(), "FORWARDING");
}

TEST(RouterTest, ConfirmsDeliveryOnTheReceipt) {
  RouterStory router;
  router.Takes(Copy());
  EXPECT_EQ(router.Hears(Receipt()),
            "event [m1] FORWARDING -> DELIVERED (RECEIPT)\n"
            "ack DELIVERY_ACK/SUCCESS m1 attempt=1 to sender\n");
  EXPECT_EQ(router.Waits(299 * kSecond), "");
}

TEST(RouterTest, ASecondReceiptIsADuplicate) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Receipt());
  EXPECT_EQ(router.Hears(Receipt()),
            "event [m1] anomaly DUPLICATE_ACK RECEIPT/SUCCESS attempt=1 from target\n");
}

TEST(RouterTest, SettlesOnTheTerminalAndPassesItOn) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Receipt());
  EXPECT_EQ(router.Hears(Executed()),
            "event [m1] DELIVERED -> SETTLED (EXECUTION_ACK)\n"
            "forward EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n");
}

TEST(RouterTest, AnEndThatCallsItselfRetryableIsOne) {
  RouterStory router;
  router.Takes(Copy());
  AckIn failure = Executed(Status::kFailure);
  failure.retryable = true;
  router.Hears(failure);
  EXPECT_EQ(router.State(), "SETTLED");
}

TEST(RouterTest, ATerminalImpliesTheReceiptInOneTransition) {
  RouterStory router;
  router.Takes(Copy());
  EXPECT_EQ(router.Hears(Executed()),
            "event [m1] FORWARDING -> SETTLED (EXECUTION_ACK)\n"
            "ack DELIVERY_ACK/SUCCESS m1 attempt=1 to sender\n"
            "forward EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n");
}

TEST(RouterTest, ProgressImpliesTheReceipt) {
  RouterStory router;
  router.Takes(Copy());
  EXPECT_EQ(router.Hears(Progressing()),
            "event [m1] FORWARDING -> DELIVERED (PROGRESS_ACK)\n"
            "ack DELIVERY_ACK/SUCCESS m1 attempt=1 to sender\n"
            "forward PROGRESS_ACK/IN_PROGRESS m1 attempt=1 to sender\n");
}

TEST(RouterTest, AnAckOfTheFutureImpliesTheReceiptAndIsPassedOn) {
  RouterStory router;
  router.Takes(Copy());
  EXPECT_EQ(router.Hears(AckFrom("target", "sender", static_cast<AckType>(99), Status::kSuccess)),
            "event [m1] FORWARDING -> DELIVERED (RECEIPT)\n"
            "ack DELIVERY_ACK/SUCCESS m1 attempt=1 to sender\n"
            "forward 99/SUCCESS m1 attempt=1 to sender\n");
}

TEST(RouterTest, AReceiptOfTheFutureIsNoSignOfTheTarget) {
  RouterStory router;
  router.Takes(Copy());
  EXPECT_EQ(router.Hears(AckFrom("target", "sender", AckType::kReceipt, static_cast<Status>(99))),
            "event [m1] anomaly UNKNOWN_VALUE RECEIPT/99 attempt=1 from target\n");
  EXPECT_EQ(router.State(), "FORWARDING");
}

TEST(RouterTest, ARetryableRefusalSettlesNothing) {
  RouterStory router;
  router.Takes(Copy());
  AckIn refusal = Executed(Status::kRejected);
  refusal.retryable = true;
  router.Hears(refusal);
  EXPECT_EQ(router.State(), "DELIVERED");
}

TEST(RouterTest, NoRouteIsARefusal) {
  RouterStory router;
  router.absent = {ModuleId("target")};
  EXPECT_EQ(router.Takes(Copy()),
            "forward MESSAGE m1 attempt=1 ttl=300000 delivery=1 on main to target\n"
            "ack ROUTER_ACK/REJECTED NO_ROUTE m1 attempt=1 to sender \"the target is not "
            "connected\"\n");
  EXPECT_EQ(router.State(), "REJECTED");
  EXPECT_EQ(router.Waits(300 * kSecond), "");
}

struct BadMessage {
  const char* code;
  std::function<void(MessageIn&)> harm;
};

TEST(RouterTest, RefusesByTheFirstCheckThatFails) {
  // From the last check to the first: each harm is added to those before, and
  // its own code must win.
  const std::vector<BadMessage> harms = {
      {"CHANNEL_MISMATCH", [](MessageIn& m) { m.channel = ChannelName("other"); }},
      {"OVERSIZE_PAYLOAD", [](MessageIn& m) { m.payload_bytes = 1048577; }},
      {"VALIDATION_ERROR", [](MessageIn& m) { m.ttl = Duration{604800001}; }},
      {"TTL_EXPIRED", [](MessageIn& m) { m.ttl = Duration{0}; }},
      {"VALIDATION_ERROR", [](MessageIn& m) { m.targets.clear(); }},
      {"UNSUPPORTED_MESSAGE_TYPE", [](MessageIn& m) { m.msg_type = static_cast<MsgType>(99); }},
      {"UNSUPPORTED_VERSION", [](MessageIn& m) { m.schema_version = 7; }},
  };
  MessageIn message = Copy();
  for (std::size_t i = 0; i < harms.size(); ++i) {
    harms[i].harm(message);
    message.id = MessageId("m" + std::to_string(i));
    RouterStory router;
    const std::string text = router.Takes(message);
    EXPECT_NE(text.find(std::string("ack ROUTER_ACK/REJECTED ") + harms[i].code + " "),
              std::string::npos)
        << text;
    EXPECT_EQ(text.find("forward"), std::string::npos);
  }
}

TEST(RouterTest, ARefusedVersionNamesThoseSupported) {
  RouterStory router;
  MessageIn message = Copy();
  message.schema_version = 7;
  EXPECT_NE(router.Takes(message).find("supports=1"), std::string::npos);
}

TEST(RouterTest, AnAttemptOfZeroIsRefusedAsAttemptOne) {
  RouterStory router;
  EXPECT_NE(router.Takes(Copy("m1", 0)).find("REJECTED VALIDATION_ERROR m1 attempt=1"),
            std::string::npos);
}

TEST(RouterTest, APayloadOfTheLimitPasses) {
  RouterStory router;
  MessageIn message = Copy();
  message.payload_bytes = 1048576;
  router.Takes(message);
  EXPECT_EQ(router.State(), "FORWARDING");
}

TEST(RouterTest, AFullQueueIsSaid) {
  RouterConfig config;
  config.queue_per_target = 2;
  RouterStory router(config);
  router.Takes(Copy("m1"));
  router.Takes(Copy("m2"));
  EXPECT_NE(router.Takes(Copy("m3")).find("REJECTED BUFFER_FULL"), std::string::npos);
  router.Hears(Receipt());
  EXPECT_NE(router.Takes(Copy("m4")).find("SUCCESS"), std::string::npos);
}

TEST(RouterTest, AThirdModuleMaySayNothing) {
  RouterStory router;
  router.Takes(Copy());
  const std::vector<std::pair<AckType, Status>> forged = {
      {AckType::kReceipt, Status::kSuccess},      {AckType::kProgressAck, Status::kInProgress},
      {AckType::kExecutionAck, Status::kSuccess}, {AckType::kCancel, Status::kUnspecified},
      {AckType::kTimeout, Status::kFailure},      {AckType::kRouterAck, Status::kSuccess}};
  for (const auto& [type, status] : forged) {
    const std::string text = router.Hears(AckFrom("mallory", "sender", type, status));
    EXPECT_NE(text.find("anomaly UNAUTHORIZED_ACK"), std::string::npos) << text;
  }
  EXPECT_EQ(router.State(), "FORWARDING");
}

TEST(RouterTest, WithoutARecordResultsArePassedOnAndReceiptsDropped) {
  RouterStory router;
  EXPECT_EQ(router.Hears(Executed()), "forward EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n");
  EXPECT_EQ(router.Hears(Cancel()), "forward CANCEL m1 attempt=1 to target\n");
  const auto future = static_cast<AckType>(120);  // Of a sender, passed on.
  EXPECT_EQ(router.Hears(AckFrom("sender", "target", future, Status::kSuccess)),
            "forward 120/SUCCESS m1 attempt=1 to target\n");
  EXPECT_EQ(router.Hears(Receipt()),
            "event [m1] anomaly UNKNOWN_MESSAGE RECEIPT/SUCCESS attempt=1 from target\n");
}

TEST(RouterTest, TwoSourcesMayUseOneId) {
  RouterStory router;
  router.Takes(Copy());
  MessageIn other = Copy();
  other.source = ModuleId("other");
  router.Takes(other);
  EXPECT_NE(router.Hears(AckFrom("target", "other", AckType::kReceipt, Status::kSuccess))
                .find("DELIVERY_ACK/SUCCESS m1 attempt=1 to other"),
            std::string::npos);
  EXPECT_EQ(router.State(), "FORWARDING");
}

TEST(RouterTest, AResultPassesWithoutARecordWhateverAnotherSourceHas) {
  RouterStory router;
  router.Takes(Copy());
  EXPECT_EQ(router.Hears(AckFrom("target", "other", AckType::kExecutionAck, Status::kSuccess)),
            "forward EXECUTION_ACK/SUCCESS m1 attempt=1 to other\n");
  EXPECT_EQ(router.State(), "FORWARDING");
}

}  // namespace
}  // namespace cmb::lifecycle::testing
