// A sender that ends and begins again with what a store kept of it: no record,
// timer or alert is another, whatever had happened before.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "reference/lifecycle/testing/drawn_acts.h"
#include "reference/lifecycle/testing/sender_life.h"
#include "reference/lifecycle/testing/sender_story.h"

namespace cmb::lifecycle::testing {
namespace {

std::size_t Alerts(const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find("alert RAISED"); at != std::string::npos;
       at = text.find("alert RAISED", at + 1)) {
    ++count;
  }
  return count;
}

TEST(SenderRestartTest, TimersKeepTheirInstants) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Waits(Duration{300});
  sender.Restarts(Duration{200});
  EXPECT_EQ(sender.TimersLeft(), "ROUTER_ACK 500\nTTL 299500\n");
}

TEST(SenderRestartTest, ATimerThatPassedMeanwhileIsDueAtOnce) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Restarts(5 * kSecond);
  EXPECT_EQ(sender.TimersLeft(), "ROUTER_ACK 0\nTTL 295000\n");
  EXPECT_NE(sender.Waits(Duration{0}).find("retry (ROUTER_ACK_TIMEOUT)"), std::string::npos);
}

TEST(SenderRestartTest, ALifeThatEndedMeanwhilePrecedesEveryOtherTimer) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Restarts(400 * kSecond);
  sender.Waits(Duration{0});
  EXPECT_EQ(Word(sender.Record().reason), "TTL_EXPIRED");
}

TEST(SenderRestartTest, ARetryGoesOnWithTheNextAttempt) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Waits(kSecond);  // The backoff runs.
  sender.Restarts();
  EXPECT_NE(sender.Waits(kSecond).find("send MESSAGE m1 attempt=2"), std::string::npos);
}

TEST(SenderRestartTest, AnAbortReconcilesAfterARestart) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Waits(kSecond);
  sender.Restarts(100 * kSecond);
  EXPECT_NE(sender.Hears(Success()).find("alert RESOLVED"), std::string::npos);
  EXPECT_EQ(sender.State(), "COMPLETED_SUCCESS");
}

TEST(SenderRestartTest, AnAlertIsRaisedOnceOverRestarts) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  std::string text = sender.Restarts(2 * kSecond);
  text += sender.Waits(Duration{0});
  text += sender.Restarts(2 * kSecond);
  text += sender.Waits(300 * kSecond);
  EXPECT_EQ(Alerts(text), 1u);
}

TEST(SenderRestartTest, WhatIsForgottenHasNoTimerLeft) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Cancels();
  sender.Restarts(1000 * kSecond);
  EXPECT_EQ(sender.Waits(Duration{0}), "");
  EXPECT_EQ(sender.core().size(), 0u);
}

TEST(SenderRestartTest, AnIdOfBeforeIsRefused) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Restarts();
  EXPECT_EQ(sender.Sends("m1"), "refused VALIDATION_ERROR\n");
}

TEST(SenderRestartTest, WhatWasOpenCountsAsInFlight) {
  SenderConfig config;
  config.in_flight = 1;
  SenderStory sender(config);
  sender.Sends("m1");
  sender.Restarts();
  EXPECT_EQ(sender.Sends("m2"), "refused OVERLOADED\n");
  sender.Hears(Success());
  EXPECT_EQ(sender.core().in_flight(), 0u);
}

TEST(SenderRestartTest, ACircuitBeginsClosed) {
  SenderConfig config;
  config.circuit_breaker = true;
  SenderStory sender(config);
  sender.Sends("m1");
  sender.Hears(Failure(ErrorCode::kAgentShutdown));
  sender.Restarts();
  EXPECT_NE(sender.Sends("m2").find("send MESSAGE m2"), std::string::npos);
}

TEST(SenderRestartTest, WithoutAStoreThereIsNoRecord) {
  SenderConfig config;
  config.profile = Profile::kTracked;
  SenderStory sender(config);
  sender.Sends("m1");
  sender.Restarts();
  EXPECT_EQ(sender.core().size(), 0u);
  EXPECT_TRUE(sender.core().Timers().empty());
}

// One act, on whichever sender: what it did, and what is left.
std::string Act(SenderStory& sender, std::set<std::string>& sent, const Acts& acts) {
  const auto& [act, message, which, attempt, detail] = acts;
  const std::string id = "m" + std::to_string(message);
  std::string text;
  if (act == 0 && sent.insert(id).second) {
    text = sender.Sends(id, ShortPolicy(detail), Duration{which * 300});
  } else if (act == 1) {
    text = sender.Cancels(id);
  } else if (act < 5) {
    AckIn ack = RandomAckOf(which, attempt, detail);
    ack.correlation_id = MessageId(id);
    text = sender.Hears(ack);
  } else {
    text = sender.Waits(Duration{which * detail * 10});
  }
  for (const Timer& timer : sender.core().Timers()) {
    text += timer.key.id.str() + " " + Word(timer.kind) + " " +
            std::to_string(MsOf(timer.deadline)) + "\n";
  }
  return text;
}

RC_GTEST_PROP(SenderRestartProperty, ARestartChangesNothing, ()) {
  SenderConfig config;
  config.fallback = true;
  SenderStory one(config);
  SenderStory other(config);
  std::set<std::string> sent_by_one;
  std::set<std::string> sent_by_other;
  one.channels = other.channels = {ChannelName("main"), ChannelName("spare")};
  for (const Acts& acts : *DrawnActs(SenderLife::kActs)) {
    other.Restarts();
    RC_ASSERT(Act(one, sent_by_one, acts) == Act(other, sent_by_other, acts));
  }
}

}  // namespace
}  // namespace cmb::lifecycle::testing
