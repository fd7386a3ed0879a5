// What a TRACKED router can prove to a sender that cancels, and by which channel
// it forwards what came by several.
#include <gtest/gtest.h>

#include <string>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {
namespace {

bool Proves(const std::string& text) { return text.find("never_forwarded") != std::string::npos; }

MessageIn Refused(Attempt attempt) {
  MessageIn message = Copy("m1", attempt);
  message.schema_version = 9;
  return message;
}

TEST(RouterProofTest, ACancelOfWhatWasRefusedIsPassedOnAndAnswered) {
  RouterStory router;
  router.Takes(Refused(1));
  EXPECT_EQ(router.Hears(Cancel(1)),
            "forward CANCEL m1 attempt=1 to target\n"
            "ack DELIVERY_ACK/FAILURE CANCELLED m1 attempt=1 never_forwarded to sender\n");
  EXPECT_EQ(router.State(), "REJECTED");
}

TEST(RouterProofTest, AnAttemptWithoutARouteWasNotForwarded) {
  RouterStory router;
  router.absent = {ModuleId("target")};
  router.Takes(Copy());
  EXPECT_TRUE(Proves(router.Hears(Cancel(1))));
}

TEST(RouterProofTest, EveryAttemptUpToTheCancelMustHaveCome) {
  RouterStory router;
  router.Takes(Refused(1));
  router.Takes(Refused(2));
  EXPECT_TRUE(Proves(router.Hears(Cancel(2))));
  EXPECT_FALSE(Proves(router.Hears(Cancel(3))));
}

TEST(RouterProofTest, AnAttemptThatNeverCameMayBeAnywhere) {
  RouterStory router;
  router.Takes(Refused(2));
  EXPECT_FALSE(Proves(router.Hears(Cancel(2))));
}

TEST(RouterProofTest, WhatWasForwardedProvesNothing) {
  RouterStory router;
  router.Takes(Refused(1));
  router.Takes(Copy("m1", 2));
  EXPECT_FALSE(Proves(router.Hears(Cancel(2))));
}

TEST(RouterProofTest, WithoutARecordThereIsNoProof) {
  RouterStory router;
  EXPECT_FALSE(Proves(router.Hears(Cancel(1))));
}

TEST(RouterProofTest, ARepeatedCancelIsPassedOnAndAnsweredAgain) {
  RouterStory router;
  router.Takes(Refused(1));
  const std::string first = router.Hears(Cancel(1));
  EXPECT_TRUE(Proves(first));
  EXPECT_EQ(router.Hears(Cancel(1)), first);
}

TEST(RouterProofTest, ATrackedRouterAnswersAndABasicOneDoesNot) {
  for (const Profile profile : {Profile::kBasic, Profile::kTracked}) {
    RouterConfig config;
    config.profile = profile;
    RouterStory router(config);
    router.Takes(Refused(1));
    EXPECT_EQ(Proves(router.Hears(Cancel(1))), profile == Profile::kTracked);
  }
}

MessageIn On(const std::string& channel, Attempt attempt) {
  MessageIn message = Copy("m1", attempt);
  message.channel = message.came_on = ChannelName(channel);
  return message;
}

TEST(RouterChannelTest, AReSendIsForwardedOnTheChannelItCameBy) {
  RouterStory router;
  router.Takes(On("main", 1));
  router.Takes(On("spare", 2));
  EXPECT_NE(router.Waits(kSecond).find("attempt=2 ttl=299000 delivery=1 on spare"),
            std::string::npos);
  EXPECT_EQ(router.Record()->channel, ChannelName("spare"));
}

TEST(RouterChannelTest, ACopyThatIsNotHigherChangesNothing) {
  RouterStory router;
  router.Takes(On("main", 1));
  router.Takes(On("spare", 1));
  EXPECT_NE(router.Waits(kSecond).find("on main"), std::string::npos);
}

TEST(RouterChannelTest, ADeadLetterIsRedrivenOnItsLastChannel) {
  RouterStory router;
  router.Takes(On("main", 1));
  router.Takes(On("spare", 2));
  router.Waits(9 * kSecond);
  EXPECT_NE(router.Redrives("m1", "m2").find("on spare"), std::string::npos);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
