// cmb-reference-iut as a sender: the gate, the clock, Send, Reset.
#include <gtest/gtest.h>

#include "reference/harness/harness_test_frames.h"

namespace cmb::reference {
namespace {

TEST(HarnessAsSender, SendActsAtOnceAndIdsComeFromThePrefix) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  const Reply reply = driver.Call(SendRequest());
  EXPECT_EQ(reply.sent_message().message_id(), "case-1");
  EXPECT_EQ(reply.sent(), 1u);
  EXPECT_EQ(reply.sent_by_socket(0), 1u);
  EXPECT_EQ(Lines(reply), Strings{"[case-1] IDLE -> SEND_PENDING (SEND)"});
  const Seen seen = driver.Next(0);
  EXPECT_EQ(seen.header.message_id(), "case-1");
  EXPECT_EQ(seen.header.ttl_ms(), 300'000u);
  EXPECT_EQ(seen.header.created_wall_ms(), 1'000'000u);
  EXPECT_EQ(seen.payload, "hello");
}

TEST(HarnessAsSender, ReportsItsNextDeadlineAndFiresItWhenToldTo) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  const Reply sent = driver.Call(SendRequest());
  EXPECT_EQ(sent.next_deadline().ms(), 1000u);
  EXPECT_EQ(sent.next_deadline().class_(), control::v1::DEADLINE_CLASS_PROTOCOL);
  EXPECT_TRUE(driver.Advance(1000, 0, control::v1::FIRE_NONE).events().empty());
  const Reply fired = driver.Advance(1000, 0);
  ASSERT_FALSE(fired.events().empty());
  EXPECT_EQ(Lines(fired)[0], "[case-1] SEND_PENDING -> TIMEOUT_ABORT (ROUTER_ACK_TIMEOUT)");
  EXPECT_EQ(fired.next_deadline().class_(), control::v1::DEADLINE_CLASS_HOUSEKEEPING);
}

TEST(HarnessAsSender, RefusesToStepBackOrOverADeadline) {
  HarnessDriver driver;
  auto settings = Settings();
  settings.set_now_ms(500);
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", settings);
  driver.Call(SendRequest());
  EXPECT_EQ(driver.Advance(499, 0).error().kind(), control::v1::ERROR_KIND_BACKWARDS);
  EXPECT_EQ(driver.Advance(1501, 0).error().kind(), control::v1::ERROR_KIND_OVERSTEP);
  EXPECT_EQ(driver.Advance(1500, 0).now_ms(), 1500u);
}

TEST(HarnessAsSender, BothOrdersOfARaceCanBeExpressed) {
  for (const auto fire : {control::v1::FIRE_BEFORE_FRAMES, control::v1::FIRE_AFTER_FRAMES}) {
    HarnessDriver driver;
    driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
    driver.Call(SendRequest());
    driver.SendTo(2, "sender",
                  AckFrames("@router", "sender", ack::v1::ACK_TYPE_ROUTER_ACK,
                            ack::v1::STATUS_SUCCESS, "case-1"));
    const Reply reply = driver.Advance(1000, 1, fire);
    const bool frames_first = fire == control::v1::FIRE_AFTER_FRAMES;
    EXPECT_EQ(Lines(reply).at(0),
              frames_first ? "[case-1] SEND_PENDING -> ROUTED (ROUTER_ACK)"
                           : "[case-1] SEND_PENDING -> TIMEOUT_ABORT (ROUTER_ACK_TIMEOUT)");
  }
}

TEST(HarnessAsSender, AFrameThatNeverComesIsAWaitTimeoutWithTheCount) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  driver.SendTo(2, "sender", HarnessDriver::Ping("@router", "sender", "@n"));
  const Reply reply = driver.Advance(0, 2);
  EXPECT_EQ(reply.error().kind(), control::v1::ERROR_KIND_WAIT_TIMEOUT);
  EXPECT_EQ(reply.received(), 1u);
}

TEST(HarnessAsSender, PingAndPongAreCounted) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  driver.SendTo(2, "sender", HarnessDriver::Ping("@router", "sender", "@n"));
  const Reply reply = driver.Advance(0, 1);
  EXPECT_EQ(reply.received(), 1u);
  EXPECT_EQ(reply.sent(), 1u);
  EXPECT_EQ(reply.sent_by_socket(1), 1u);
  EXPECT_EQ(driver.Next(1).header.correlation_id(), "@n");
}

TEST(HarnessAsSender, ResetForgetsTheCaseAndKeepsTheConnections) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  driver.Call(SendRequest());
  driver.Next(0);
  driver.SendTo(2, "sender", HarnessDriver::Ping("@router", "sender", "@unread"));
  Request reset;
  reset.mutable_reset()->set_after_received(1);
  *reset.mutable_reset()->mutable_settings() = Settings("other-");
  const Reply last = driver.Call(reset);
  EXPECT_EQ(last.sent(), 1u);
  EXPECT_EQ(last.received(), 1u);

  const Reply fresh = driver.Advance(0, 0);
  EXPECT_EQ(fresh.sent(), 0u);
  EXPECT_FALSE(fresh.has_next_deadline());
  EXPECT_EQ(driver.Call(SendRequest()).sent_message().message_id(), "other-1");
  EXPECT_EQ(driver.Next(0).header.message_id(), "other-1");
}

TEST(HarnessAsSender, EveryMalformedFrameIsOneAnomalyAndNoMore) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  driver.Call(SendRequest());
  auto good = AckFrames("@router", "sender", ack::v1::ACK_TYPE_ROUTER_ACK, ack::v1::STATUS_SUCCESS,
                        "case-1");
  const std::vector<wire::Frames> wrong{{""},
                                        {"", ""},
                                        {good[0]},
                                        {good[0], "", ""},
                                        {"\xff\xff\xff", ""},
                                        {good[0].substr(0, good[0].size() - 1), ""}};
  for (const auto& frames : wrong) {
    driver.SendTo(2, "sender", frames);
  }
  const Reply reply = driver.Advance(0, wrong.size());
  ASSERT_EQ(reply.events_size(), static_cast<int>(wrong.size()));
  for (const auto& event : reply.events()) {
    EXPECT_EQ(event.anomaly().kind(), ack::v1::ANOMALY_KIND_MALFORMED);
  }
  driver.SendTo(2, "sender", good);
  EXPECT_EQ(Lines(driver.Advance(0, wrong.size() + 1)),
            Strings{"[case-1] SEND_PENDING -> ROUTED (ROUTER_ACK)"});
}

TEST(HarnessAsSender, AChannelOfThePolicyThatTheEndpointDoesNotHaveIsRefused) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  Request request = SendRequest();
  request.mutable_send()->mutable_policy()->add_channels("main");
  request.mutable_send()->mutable_policy()->add_channels("nowhere");
  const Reply reply = driver.Call(request);
  EXPECT_EQ(reply.error().kind(), control::v1::ERROR_KIND_BAD_REQUEST);
  EXPECT_EQ(reply.sent(), 0u);
}

TEST(HarnessAsSender, ABasicSenderCancelsNothing) {
  HarnessDriver driver({"--profile", "BASIC"});
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  const std::string id = driver.Call(SendRequest()).sent_message().message_id();
  Request cancel;
  cancel.mutable_cancel()->set_message_id(id);
  EXPECT_EQ(driver.Call(cancel).error().kind(), control::v1::ERROR_KIND_UNSUPPORTED);
}

TEST(HarnessAsSender, TimersAreListedInFiringOrder) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  driver.Call(SendRequest());
  Request request;
  request.mutable_timers();
  const Reply reply = driver.Call(request);
  ASSERT_EQ(reply.timers().timers_size(), 2);
  EXPECT_EQ(reply.timers().timers(0).kind(), ack::v1::TIMER_KIND_ROUTER_ACK);
  EXPECT_EQ(reply.timers().timers(1).kind(), ack::v1::TIMER_KIND_TTL);
  EXPECT_EQ(reply.timers().timers(1).deadline_ms(), 300'000u);
}

}  // namespace
}  // namespace cmb::reference
