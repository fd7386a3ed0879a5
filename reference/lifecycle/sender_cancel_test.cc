// A sender whose application gives a message up: CANCEL, said again and again.
#include <gtest/gtest.h>

#include "reference/lifecycle/testing/sender_story.h"

namespace cmb::lifecycle::testing {
namespace {

const char kCancel[] = "ack CANCEL m1 attempt=1 to target\n";

TEST(SenderCancelTest, IsSaidAgainWithTheBackoffUntilSomethingAnswers) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Cancels();
  EXPECT_EQ(sender.TimersLeft(), "CANCEL 1000\n");
  EXPECT_EQ(sender.Waits(kSecond), kCancel);
  EXPECT_EQ(sender.Waits(2 * kSecond), kCancel);
  EXPECT_EQ(sender.TimersLeft(), "CANCEL 4000\n");
  AckIn stopped = Failure(ErrorCode::kCancelled);
  stopped.started = true;
  sender.Hears(stopped);
  EXPECT_EQ(sender.TimersLeft(), "");
}

TEST(SenderCancelTest, IsNotSaidAfterTheWindow) {
  SenderConfig config;
  config.reconcile_window = 7 * kSecond;
  SenderStory sender(config);
  sender.Sends("m1");
  sender.Cancels();
  sender.Waits(3 * kSecond);
  EXPECT_EQ(sender.Waits(4 * kSecond), kCancel);  // The last instant.
  EXPECT_EQ(sender.TimersLeft(), "");
}

TEST(SenderCancelTest, IsNotSaidByAClockThatRanPastTheWindow) {
  SenderConfig config;
  config.reconcile_window = 7 * kSecond;
  SenderStory sender(config);
  sender.Sends("m1");
  sender.Cancels();
  EXPECT_EQ(ToText(*sender.core().FireNext(AtMs(7001), TimerClass::kProtocol)), "");
}

TEST(SenderCancelTest, WaitsForRouterAckWhereThereIsNoBackoff) {
  DeliveryPolicy policy;
  policy.backoff_first = Duration{0};
  policy.router_ack = 3 * kSecond;
  SenderStory sender;
  sender.Sends("m1", policy);
  sender.Cancels();
  EXPECT_EQ(sender.TimersLeft(), "CANCEL 3000\n");
}

TEST(SenderCancelTest, OfWhatWasGivenUpMovesNothing) {
  SenderStory sender;
  sender.Sends("m1", PolicyWithRetries(0));
  sender.Waits(kSecond);
  EXPECT_EQ(sender.Cancels(), kCancel);
  EXPECT_EQ(sender.State(), "TIMEOUT_ABORT");
  EXPECT_EQ(Word(sender.Record().reason), "ROUTER_ACK_TIMEOUT");
  EXPECT_EQ(sender.Cancels(), "");
}

TEST(SenderCancelTest, OfWhatHasCompletedIsNotSaid) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Hears(Success());
  EXPECT_EQ(sender.Cancels(), "");
}

TEST(SenderCancelTest, FollowsTheTimeoutWhereThePolicySaysSo) {
  DeliveryPolicy policy = PolicyWithRetries(0);
  policy.cancel_on_timeout = true;
  SenderStory sender;
  sender.Sends("m1", policy);
  EXPECT_EQ(sender.Waits(kSecond),
            "event [m1] SEND_PENDING -> TIMEOUT_ABORT (ROUTER_ACK_TIMEOUT) UNKNOWN ACK_TIMEOUT\n"
            "ack TIMEOUT/FAILURE ACK_TIMEOUT m1 attempt=1 to @router\n" +
                std::string(kCancel) +
                "event [m1] alert RAISED (ROUTER_ACK_TIMEOUT) ACK_TIMEOUT\n");
}

TEST(SenderCancelTest, OfNothingIsNotSaid) {
  DeliveryPolicy policy;
  policy.cancel_on_timeout = true;
  SenderStory sender;
  EXPECT_EQ(sender.Sends("m1", policy, Duration{0}).find("CANCEL"), std::string::npos);
  EXPECT_EQ(sender.Cancels(), "");
}

}  // namespace
}  // namespace cmb::lifecycle::testing
