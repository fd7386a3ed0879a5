// cmb-reference-iut as a router: frames on its sockets.
#include <gtest/gtest.h>

#include "reference/harness/harness_test_frames.h"

namespace cmb::reference {
namespace {

TEST(HarnessAsRouter, ForwardsAcceptsAndKeepsTheBytes) {
  HarnessDriver driver;
  driver.BeginRouter({"sender", "target"}, Settings());
  auto frames = MessageFrames("m1");
  frames[0] += std::string("\xfa\x3f\x03xyz", 6);  // Field 1023, which nobody knows.
  driver.SendAs("sender", 0, frames);
  const Reply reply = driver.Advance(0, 1);
  EXPECT_EQ(reply.sent(), 2u);
  const Seen forwarded = driver.NextAs("target", 0);
  EXPECT_EQ(forwarded.header_bytes, frames[0]);
  EXPECT_EQ(forwarded.payload, "payload of m1");
  EXPECT_EQ(Ack(driver.NextAs("sender", 2)), "ROUTER_ACK/SUCCESS m1");
}

TEST(HarnessAsRouter, EventsAreNumberedFromBeginOn) {
  HarnessDriver driver;
  driver.BeginRouter({"sender"}, Settings());
  driver.SendAs("sender", 0, {"no header", ""});
  const Reply reply = driver.Advance(0, 1);
  ASSERT_EQ(reply.events_size(), 1);
  EXPECT_EQ(reply.events(0).number(), 1u);
  EXPECT_EQ(reply.events(0).anomaly().kind(), ack::v1::ANOMALY_KIND_MALFORMED);
  EXPECT_EQ(reply.undeliverable(), 0u);
}

TEST(HarnessAsRouter, ARedeliveryChangesNothingButTheLifeThatRemains) {
  HarnessDriver driver;
  driver.BeginRouter({"sender", "target"}, Settings());
  auto frames = MessageFrames("m1");
  frames[0] += std::string("\xfa\x3f\x03xyz", 6);
  driver.SendAs("sender", 0, frames);
  driver.Advance(0, 1);
  auto expected = driver.NextAs("target", 0).header;
  driver.Advance(1000, 1);
  expected.set_ttl_ms(299'000);
  const Seen again = driver.NextAs("target", 0);
  EXPECT_EQ(again.header.SerializeAsString(), expected.SerializeAsString());
  EXPECT_EQ(again.payload, "payload of m1");
}

TEST(HarnessAsRouter, AnAbsentTargetIsNoRouteAndCountedAsUndeliverable) {
  HarnessDriver driver;
  driver.BeginRouter({"sender"}, Settings());
  driver.SendAs("sender", 0, MessageFrames("m1"));
  const Reply reply = driver.Advance(0, 1);
  EXPECT_EQ(reply.undeliverable(), 1u);
  EXPECT_EQ(reply.sent(), 1u);
  const Seen refusal = driver.NextAs("sender", 2);
  EXPECT_EQ(Ack(refusal), "ROUTER_ACK/REJECTED m1");
  EXPECT_EQ(refusal.header.ack().error_code(), ack::v1::ERROR_CODE_NO_ROUTE);
}

TEST(HarnessAsRouter, PassesPingsBetweenModules) {
  HarnessDriver driver;
  driver.BeginRouter({"sender", "target"}, Settings());
  driver.SendAs("sender", 1, HarnessDriver::Ping("sender", "target", "@n"));
  driver.Advance(0, 1);
  EXPECT_EQ(driver.NextAs("target", 2).header.message_id(), "@n");
}

TEST(HarnessAsRouter, APingToAnAbsentModuleIsNoRouteOnTheEgress) {
  HarnessDriver driver;
  driver.BeginRouter({"sender"}, Settings());
  driver.SendAs("sender", 0, HarnessDriver::Ping("sender", "nobody", "@n"));
  driver.Advance(0, 1);
  EXPECT_EQ(Ack(driver.NextAs("sender", 2)), "ROUTER_ACK/REJECTED @n");
}

TEST(HarnessAsRouter, AnAckByAnotherThanItsConnectionIsUnauthorised) {
  HarnessDriver driver;
  driver.BeginRouter({"sender", "target"}, Settings());
  driver.SendAs("sender", 1,
                AckFrames("target", "sender", ack::v1::ACK_TYPE_EXECUTION_ACK,
                          ack::v1::STATUS_SUCCESS, "m1"));
  const Reply reply = driver.Advance(0, 1);
  ASSERT_EQ(reply.events_size(), 1);
  EXPECT_EQ(reply.events(0).anomaly().kind(), ack::v1::ANOMALY_KIND_UNAUTHORIZED_ACK);
  EXPECT_EQ(reply.sent(), 0u);
}

TEST(HarnessAsRouter, MessagesOfOneAdvanceAreHandledInOneOrder) {
  HarnessDriver driver;
  driver.BeginRouter({"b", "a", "target"}, Settings());
  for (const std::string source : {"b", "a"}) {
    auto header = *[&] {
      auto message = std::make_unique<ack::v1::CognitiveMessage>();
      EXPECT_FALSE(wire::DecodeHeader(MessageFrames("m-" + source)[0], *message));
      message->set_source(source);
      return message;
    }();
    driver.SendAs(source, 0, wire::Encode(header, ""));
  }
  driver.Advance(0, 2);
  EXPECT_EQ(driver.NextAs("target", 0).header.source(), "a");
  EXPECT_EQ(driver.NextAs("target", 0).header.source(), "b");
}

}  // namespace
}  // namespace cmb::reference
