#include "conformance/lower_tester/ping.h"

#include <gtest/gtest.h>

#include <string>

#include "conformance/lower_tester/closing_check.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance {
namespace {

const SocketLayout kLayout({"main"});
constexpr SocketNumber kMain = 0;
constexpr SocketNumber kIngress = 1;
constexpr SocketNumber kEgress = 2;

Frames Ping(const std::string& source, const std::string& target) {
  return MakePing({.peer = source, .module = target, .out = kMain, .in = kMain}, "n1").frames;
}

ack::v1::CognitiveMessage HeaderOf(const WireMessage& message) {
  return std::get<wire::Decoded>(wire::Decode(message.frames)).header;
}

TEST(Ping, OfAnEndpointIsAnsweredOnThePairOfItsSocket) {
  const auto by_main = AnswerToPing({kMain, kRouterId, Ping("sender", "@router")}, kLayout, {});
  ASSERT_TRUE(by_main.has_value());
  EXPECT_EQ(by_main->socket, kMain);
  EXPECT_EQ(NonceOfPong(by_main->frames), "n1");
  EXPECT_EQ(HeaderOf(*by_main).source(), "@router");
  const auto by_ingress =
      AnswerToPing({kIngress, kRouterId, Ping("sender", "@router")}, kLayout, {});
  ASSERT_TRUE(by_ingress.has_value());
  EXPECT_EQ(by_ingress->socket, kEgress);
  EXPECT_EQ(AnswerToPing({kEgress, kRouterId, Ping("sender", "@router")}, kLayout, {}),
            std::nullopt);
}

TEST(Ping, OfARouterIsAnsweredByThePeerThatGotIt) {
  const auto answer = AnswerToPing({kEgress, "target", Ping("sender", "target")}, kLayout, {});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->socket, kIngress);
  EXPECT_EQ(answer->peer, "target");
  EXPECT_EQ(HeaderOf(*answer).source(), "target");
  EXPECT_EQ(HeaderOf(*answer).targets(0), "sender");
}

TEST(Ping, ToAModuleBehindTheSuitesRouterIsAnsweredInItsName) {
  const auto answer = AnswerToPing({kMain, kRouterId, Ping("sender", "target")}, kLayout, {});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(HeaderOf(*answer).source(), "target");
}

TEST(Ping, ToAnAbsentModuleHasNoRoute) {
  const auto answer = AnswerToPing({kMain, kRouterId, Ping("sender", "ghost")}, kLayout, {"ghost"});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->socket, kEgress);
  const ack::v1::Ack ack = HeaderOf(*answer).ack();
  EXPECT_EQ(ack.ack_type(), ack::v1::ACK_TYPE_ROUTER_ACK);
  EXPECT_EQ(ack.error_code(), ack::v1::ERROR_CODE_NO_ROUTE);
  EXPECT_EQ(ack.correlation_id(), "n1");
}

TEST(Ping, NothingElseIsAnswered) {
  EXPECT_EQ(AnswerToPing({kMain, kRouterId, {"\xff", ""}}, kLayout, {}), std::nullopt);
  EXPECT_EQ(AnswerToPing({kMain, kRouterId, {}}, kLayout, {}), std::nullopt);
  EXPECT_EQ(Describe({"\xff", ""}), "a message with an unreadable header");
  EXPECT_EQ(Describe({"", "", ""}), "a message of 3 part(s) instead of 2");
  EXPECT_EQ(Describe(Ping("sender", "target")), "PING n1");
}

// ---------------------------------------------------------------- closing check

const Path kPath{.peer = kRouterId, .module = "sender", .out = kEgress, .in = kIngress};

WireMessage Pong(SocketNumber socket, const std::string& nonce) {
  ack::v1::CognitiveMessage header;
  header.set_msg_type(ack::v1::MSG_TYPE_PONG);
  header.set_correlation_id(nonce);
  return {socket, kRouterId, wire::Encode(header, "")};
}

WireMessage Message(SocketNumber socket) {
  ack::v1::CognitiveMessage header;
  header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  header.set_message_id("m1");
  return {socket, kRouterId, wire::Encode(header, "")};
}

TEST(ClosingCheck, PassesWhenEachPingIsAnswered) {
  EXPECT_EQ(JudgeClosing({{kPath, "n1"}}, {Pong(kIngress, "n1")}, 1, kLayout), std::nullopt);
}

TEST(ClosingCheck, AFrameBeforeThePongWasNotCounted) {
  EXPECT_EQ(JudgeClosing({{kPath, "n1"}}, {Message(kIngress)}, 1, kLayout),
            "at the closing check MESSAGE m1 came by ack_ingress, which the IUT had not counted in "
            "`sent`");
}

TEST(ClosingCheck, AFrameThatIsCountedOnlyNowWasNotDue) {
  EXPECT_EQ(JudgeClosing({{kPath, "n1"}}, {Pong(kIngress, "n1"), Message(kMain)}, 2, kLayout),
            "at the closing check MESSAGE m1 came by main, where only PONGs were expected");
}

TEST(ClosingCheck, APongByAnotherPathOrOfAnotherNonceIsNone) {
  for (const auto& pong : {Pong(kMain, "n1"), Pong(kIngress, "n0")}) {
    const auto fault = JudgeClosing({{kPath, "n1"}}, {pong}, 1, kLayout);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->requirement, "CMB-WIRE-011");
  }
}

TEST(ClosingCheck, AMissingPongIsNamed) {
  EXPECT_EQ(JudgeClosing({{kPath, "n1"}}, {}, 0, kLayout),
            "at the closing check no PONG came by ack_ingress to the PING on ack_egress of "
            "@router");
}

TEST(ClosingCheck, ProbesOfTheIutAreNothingToComplainOf) {
  const WireMessage probe{kMain, kRouterId, Ping("sender", "@router")};
  EXPECT_EQ(JudgeClosing({{kPath, "n1"}}, {probe, Pong(kIngress, "n1")}, 2, kLayout), std::nullopt);
}

}  // namespace
}  // namespace cmb::conformance
