// Channels that lead to several routers (spec 18.1): what the sender core tells
// the router that it leaves, and by which router the target core answers.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reference/lifecycle/testing/machine_table.h"
#include "reference/lifecycle/testing/sender_story.h"
#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

using Lines = std::vector<std::string>;

// main leads to the first router, spare to the router "second".
SenderStory SenderOfTwo() {
  SenderConfig config;
  config.fallback = true;
  config.routers[ChannelName("spare")] = RouterName("second");
  SenderStory sender(config);
  sender.channels = {ChannelName("main"), ChannelName("spare")};
  return sender;
}

// What is sent, without the rest of the effects.
Lines Sent(const std::string& text) {
  Lines sent = LinesThatStart(text, "ack ");
  for (const auto& line : LinesThatStart(text, "send ")) {
    sent.push_back(line.substr(0, line.find(" ttl=")));
  }
  return sent;
}

TEST(SenderOfSeveralRouters, TheRouterThatItLeavesIsToldFirst) {
  auto sender = SenderOfTwo();
  EXPECT_EQ(Sent(sender.Sends("m1")), Lines{"send MESSAGE m1 attempt=1"});
  const std::string retry = sender.Waits(2 * kSecond);
  EXPECT_EQ(Sent(retry), (Lines{"ack TIMEOUT/FAILURE ACK_TIMEOUT m1 attempt=1 to @router",
                                "send MESSAGE m1 attempt=2"}));
  EXPECT_LT(retry.find("ack TIMEOUT"), retry.find("send MESSAGE"));
}

TEST(SenderOfSeveralRouters, OneThatGoesBackTellsTheOther) {
  auto sender = SenderOfTwo();
  sender.Sends("m1");
  sender.Waits(2 * kSecond);
  EXPECT_EQ(Sent(sender.Waits(3 * kSecond)),
            (Lines{"ack TIMEOUT/FAILURE ACK_TIMEOUT m1 attempt=2 to @router via second",
                   "send MESSAGE m1 attempt=3"}));
}

TEST(SenderOfSeveralRouters, ARetryThroughTheSameRouterTellsNobody) {
  SenderConfig config;
  config.fallback = true;
  SenderStory sender(config);
  sender.channels = {ChannelName("main"), ChannelName("spare")};
  sender.Sends("m1");
  EXPECT_EQ(Sent(sender.Waits(2 * kSecond)), Lines{"send MESSAGE m1 attempt=2"});
}

TEST(SenderOfSeveralRouters, ACancelGoesToEveryRouterUsed) {
  auto sender = SenderOfTwo();
  sender.Sends("m1");
  sender.Waits(2 * kSecond);
  EXPECT_EQ(Sent(sender.Cancels()), (Lines{"ack CANCEL m1 attempt=2 to target",
                                           "ack CANCEL m1 attempt=2 to target via second"}));
}

TEST(SenderOfSeveralRouters, ACancelDoesNotGoWhereNothingWent) {
  auto sender = SenderOfTwo();
  sender.Sends("m1");
  EXPECT_EQ(Sent(sender.Cancels()), Lines{"ack CANCEL m1 attempt=1 to target"});
}

TEST(SenderOfSeveralRouters, GivingUpTellsEveryRouterUsed) {
  auto sender = SenderOfTwo();
  sender.Sends("m1", PolicyWithRetries(1));
  sender.Waits(2 * kSecond);
  EXPECT_EQ(Sent(sender.Waits(kSecond)),
            (Lines{"ack TIMEOUT/FAILURE ACK_TIMEOUT m1 attempt=2 to @router",
                   "ack TIMEOUT/FAILURE ACK_TIMEOUT m1 attempt=2 to @router via second"}));
}

TEST(SenderOfSeveralRouters, WhichOnesWereUsedOutlivesTheProcess) {
  auto sender = SenderOfTwo();
  sender.Sends("m1");
  sender.Waits(2 * kSecond);
  sender.Restarts();
  EXPECT_EQ(Sent(sender.Cancels()).size(), 2u);
}

TEST(SenderOfSeveralRouters, GoodNewsOfTheRouterThatItLeftCounts) {
  auto sender = SenderOfTwo();
  sender.Sends("m1");
  sender.Waits(2 * kSecond);
  sender.Hears(DeliveryAck(1));
  EXPECT_EQ(sender.State(), "DELIVERED");
}

TEST(SenderOfSeveralRouters, BadNewsOfTheRouterThatItLeftIsStale) {
  auto sender = SenderOfTwo();
  sender.Sends("m1");
  sender.Waits(2 * kSecond);
  const std::string text = sender.Hears(RouterTimeout(1));
  EXPECT_NE(text.find("STALE_ATTEMPT"), std::string::npos) << text;
  EXPECT_EQ(sender.State(), "SEND_PENDING");
}

MessageIn Copy(const std::string& via, Attempt attempt, const std::string& id = "m1") {
  MessageIn message;
  message.source = ModuleId("sender");
  message.id = MessageId(id);
  message.key = IdempotencyKey("job");
  message.attempt = attempt;
  message.ttl = 300 * kSecond;
  message.via = RouterName(via);
  return message;
}

TEST(TargetOfSeveralRouters, ACopyIsAnsweredByTheWayItCame) {
  TargetStory target(Tracked());
  EXPECT_EQ(Sent(target.Takes(Copy("", 1))), Lines{"ack RECEIPT/SUCCESS m1 attempt=1 to sender"});
  EXPECT_EQ(Sent(target.Takes(Copy("second", 2))),
            Lines{"ack RECEIPT/SUCCESS m1 attempt=2 to sender via second"});
}

TEST(TargetOfSeveralRouters, WhatItTellsUnaskedGoesByEveryWay) {
  TargetStory target(Tracked());
  target.Takes(Copy("", 1));
  target.Takes(Copy("second", 2));
  EXPECT_EQ(Sent(target.Announces()),
            (Lines{"ack EXECUTION_ACK/IN_PROGRESS m1 attempt=2 progress=1 to sender",
                   "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=2 progress=1 to sender via second"}));
  EXPECT_EQ(Sent(target.GetsTo(50)).size(), 2u);
  EXPECT_EQ(Sent(target.EndsWith(Ends(Status::kSuccess))),
            (Lines{"ack EXECUTION_ACK/SUCCESS m1 attempt=2 to sender",
                   "ack EXECUTION_ACK/SUCCESS m1 attempt=2 to sender via second"}));
}

TEST(TargetOfSeveralRouters, ACopyOfWhatRunsOrEndedIsAnsweredByTheWayItCame) {
  TargetStory target(Tracked());
  target.Takes(Copy("", 1));
  target.Announces();
  EXPECT_EQ(Sent(target.Takes(Copy("second", 2))),
            (Lines{"ack RECEIPT/SUCCESS m1 attempt=2 to sender via second",
                   "ack EXECUTION_ACK/IN_PROGRESS m1 attempt=2 progress=1 to sender via second"}));
  target.EndsWith(Ends(Status::kSuccess));
  EXPECT_EQ(Sent(target.Takes(Copy("", 3))),
            (Lines{"ack RECEIPT/SUCCESS m1 attempt=3 to sender",
                   "ack EXECUTION_ACK/SUCCESS m1 attempt=3 to sender"}));
}

TEST(TargetOfSeveralRouters, EachMessageIdGoesByTheWaysItCame) {
  TargetStory target(Tracked());
  target.Takes(Copy("", 1));
  target.Takes(Copy("second", 1, "m2"));
  EXPECT_EQ(Sent(target.EndsWith(Ends(Status::kSuccess))),
            (Lines{"ack EXECUTION_ACK/SUCCESS m1 attempt=1 to sender",
                   "ack EXECUTION_ACK/SUCCESS m2 attempt=1 to sender via second"}));
}

TEST(TargetOfSeveralRouters, ACancelIsAnsweredByEveryWay) {
  TargetStory target(Tracked());
  target.Takes(Copy("", 1));
  target.Takes(Copy("second", 2));
  EXPECT_EQ(Sent(target.HearsCancel("m1", 2)).size(), 2u);
}

TEST(TargetOfSeveralRouters, AfterARestartTheEndIsSaidWhereItMayNotHaveBeenHeard) {
  TargetStory target(Durable());
  target.Takes(Copy("", 1));
  target.Takes(Copy("second", 2));
  target.EndsWith(Ends(Status::kSuccess));
  target.core().OnEndTold({ModuleId("sender"), MessageId("m1")}, RouterName());
  EXPECT_EQ(Sent(target.Restarts()),
            Lines{"ack EXECUTION_ACK/SUCCESS m1 attempt=2 to sender via second"});
}

}  // namespace
}  // namespace cmb::lifecycle::testing
