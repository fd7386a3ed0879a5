// The optional features of a sender, fallback and circuit breaker, and what its
// profile lets it do.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reference/lifecycle/testing/sender_story.h"

namespace cmb::lifecycle::testing {
namespace {

SenderConfig With(bool SenderConfig::*feature) {
  SenderConfig config;
  config.*feature = true;
  return config;
}

// The channels that the attempts of one message take, up to the last.
std::string Taken(SenderConfig config, const std::vector<std::string>& channels,
                  std::uint32_t retries) {
  SenderStory sender(config);
  for (const std::string& channel : channels) {
    sender.channels.emplace_back(channel);
  }
  std::string text = sender.Sends("m1", PolicyWithRetries(retries));
  text += sender.Waits(100 * kSecond);
  std::string taken;
  for (auto at = text.find(" on "); at != std::string::npos; at = text.find(" on ", at + 1)) {
    taken += text.substr(at + 4, text.find(' ', at + 4) - at - 4) + " ";
  }
  return taken;
}

TEST(FallbackTest, RetriesTakeTheChannelsInTurn) {
  EXPECT_EQ(Taken(With(&SenderConfig::fallback), {"main", "spare"}, 3), "main spare main spare ");
}

TEST(FallbackTest, TheTurnBeginsBehindTheMessagesChannel) {
  EXPECT_EQ(Taken(With(&SenderConfig::fallback), {"a", "main", "b"}, 3), "main b a main ");
}

TEST(FallbackTest, AListWithoutTheMessagesChannelBeginsWithItsFirst) {
  EXPECT_EQ(Taken(With(&SenderConfig::fallback), {"a", "b"}, 3), "main a b a ");
}

TEST(FallbackTest, WithoutTheFeatureEveryAttemptTakesTheMessagesChannel) {
  EXPECT_EQ(Taken({}, {"main", "spare"}, 2), "main main main ");
  EXPECT_EQ(Taken(With(&SenderConfig::fallback), {}, 2), "main main main ");
}

TEST(FallbackTest, RecordAndAlertNameTheChannelLastUsed) {
  SenderStory sender(With(&SenderConfig::fallback));
  sender.channels = {ChannelName("main"), ChannelName("spare")};
  sender.Sends("m1", PolicyWithRetries(1));
  sender.Waits(2 * kSecond);
  EXPECT_EQ(sender.Record().channel, ChannelName("spare"));
  const Effects effects = sender.core().FireNext(AtMs(3000), TimerClass::kProtocol).value();
  const auto& alert = std::get<AlertEvent>(std::get<EmitEvent>(effects.back()).event);
  EXPECT_EQ(alert.channel, ChannelName("spare"));
  EXPECT_TRUE(alert.text.ends_with("Last channel attempted: spare")) << alert.text;
}

TEST(FallbackTest, AnAckOfAnAttemptOnAnotherChannelCounts) {
  SenderStory sender(With(&SenderConfig::fallback));
  sender.channels = {ChannelName("main"), ChannelName("spare")};
  sender.Sends("m1");
  sender.Waits(2 * kSecond);
  sender.Hears(DeliveryAck(1));
  EXPECT_EQ(sender.State(), "DELIVERED");
}

// A sender whose circuit to the target is open since now.
class CircuitTest : public ::testing::Test {
 protected:
  CircuitTest() : sender_(With(&SenderConfig::circuit_breaker)) {}

  // One message to the target, from its send to its end.
  std::string Ends(const std::string& id, AckIn ack) {
    sender_.Sends(id);
    ack.correlation_id = MessageId(id);
    return sender_.Hears(ack);
  }
  void Fail(int times, ErrorCode code = ErrorCode::kInternalError) {
    for (int n = 0; n < times; ++n) {
      Ends("f" + std::to_string(++failed_), Failure(code));
    }
  }
  bool IsOpen() {
    return sender_.Sends("t" + std::to_string(++failed_)).find("CIRCUIT_OPEN") != std::string::npos;
  }

  SenderStory sender_;
  int failed_ = 0;
};

TEST_F(CircuitTest, FiveFailuresOpenIt) {
  Fail(4);
  sender_.Sends("m1");
  Fail(1);
  EXPECT_TRUE(IsOpen());
}

TEST_F(CircuitTest, ARefusedMessageFailsAtOnceWithProofAndOneAlert) {
  Fail(1, ErrorCode::kAgentShutdown);
  EXPECT_EQ(sender_.Sends("m1"),
            "event [m1] IDLE -> SEND_PENDING (SEND)\n"
            "event [m1] SEND_PENDING -> COMPLETED_FAILURE (CIRCUIT_OPEN) NOT_EXECUTED"
            " CIRCUIT_OPEN\n"
            "event [m1] alert RAISED (CIRCUIT_OPEN) CIRCUIT_OPEN\n");
  EXPECT_EQ(sender_.Record().attempt, 0u);
}

TEST_F(CircuitTest, TheAlertSaysWhoseCircuitIsOpen) {
  Fail(1, ErrorCode::kAgentShutdown);
  Outgoing outgoing;
  outgoing.id = MessageId("m1");
  outgoing.target = ModuleId("target");
  outgoing.channel = ChannelName("main");
  const auto effects = std::get<Effects>(sender_.core().Send(outgoing, sender_.now()));
  EXPECT_EQ(std::get<AlertEvent>(std::get<EmitEvent>(effects.back()).event).text,
            "message m1 to target: circuit to target is open");
}

TEST_F(CircuitTest, ALifeOfZeroIsJudgedFirst) {
  Fail(1, ErrorCode::kAgentShutdown);
  sender_.Sends("m1", {}, Duration{0});
  EXPECT_EQ(Word(sender_.Record().reason), "TTL_EXPIRED");
}

TEST_F(CircuitTest, ALifeOfZeroIsNoOutcome) {
  for (int n = 0; n < 20; ++n) {
    sender_.Sends("z" + std::to_string(n), {}, Duration{0});
  }
  EXPECT_FALSE(IsOpen());
}

TEST_F(CircuitTest, ATargetThatAnswersIsNoFailingTarget) {
  Fail(20, ErrorCode::kForcedPreemption);
  EXPECT_FALSE(IsOpen());
}

TEST_F(CircuitTest, WorkThatWasCutShortOrDoneInPartIsAFailure) {
  Fail(3, ErrorCode::kPartialDelivery);
  Fail(2, ErrorCode::kInterrupted);
  EXPECT_TRUE(IsOpen());
}

TEST(CircuitSettingsTest, SayWhichCodesAndHowSlowASuccessFails) {
  SenderConfig config = With(&SenderConfig::circuit_breaker);
  config.circuit.failures = 2;
  config.circuit.slow = 2 * kSecond;
  config.circuit.failure_codes = {ErrorCode::kPermissionDenied};
  SenderStory sender(config);
  const auto ends = [&](const std::string& id, AckIn ack) {
    ack.correlation_id = MessageId(id);
    sender.Hears(ack);
    return sender.Sends(id + "x").find("CIRCUIT_OPEN") != std::string::npos;
  };
  sender.Sends("m1");
  EXPECT_FALSE(ends("m1", Failure(ErrorCode::kPermissionDenied)));
  sender.Sends("m2");
  EXPECT_FALSE(ends("m2", Failure(ErrorCode::kOverloaded)));  // A success by this list.
  sender.Sends("m3");
  sender.Waits(2001 * kSecond / 1000);
  EXPECT_TRUE(ends("m3", Success(2)));
}

TEST_F(CircuitTest, AbortsCountAndCancelsDoNot) {
  for (const char* id : {"c1", "c2", "c3", "c4", "c5"}) {
    sender_.Sends(id);
    sender_.Cancels(id);
  }
  EXPECT_FALSE(IsOpen());
  for (const char* id : {"a1", "a2", "a3", "a4", "a5"}) {
    sender_.Sends(id, PolicyWithRetries(0));
  }
  sender_.Waits(kSecond);
  EXPECT_TRUE(IsOpen());
}

TEST_F(CircuitTest, ALifeThatEndsCounts) {
  for (const char* id : {"a1", "a2", "a3", "a4", "a5"}) {
    sender_.Sends(id, {}, Duration{500});
  }
  sender_.Waits(Duration{500});
  EXPECT_TRUE(IsOpen());
}

TEST_F(CircuitTest, MessagesUnderWayAreReSentAndEndAsEver) {
  sender_.Sends("m1");
  Fail(1, ErrorCode::kAgentShutdown);
  EXPECT_NE(sender_.Waits(2 * kSecond).find("send MESSAGE m1 attempt=2"), std::string::npos);
  sender_.Hears(Success());
  EXPECT_EQ(sender_.State(), "COMPLETED_SUCCESS");
  EXPECT_TRUE(IsOpen());
}

TEST_F(CircuitTest, OneProbeGoesOutAfterThirtySecondsAndItsSuccessClosesIt) {
  Fail(1, ErrorCode::kAgentShutdown);
  sender_.Waits(30 * kSecond);
  EXPECT_NE(sender_.Sends("m1").find("send MESSAGE m1"), std::string::npos);
  EXPECT_TRUE(IsOpen());
  sender_.Hears(Success());
  EXPECT_FALSE(IsOpen());
}

TEST_F(CircuitTest, TheFirstSignOfAProbesWorkClosesIt) {
  Fail(1, ErrorCode::kAgentShutdown);
  sender_.Waits(30 * kSecond);
  sender_.Sends("m1");
  sender_.Hears(DeliveryAck());
  EXPECT_TRUE(IsOpen());
  sender_.Hears(Held(5 * kSecond));
  EXPECT_FALSE(IsOpen());
}

TEST_F(CircuitTest, AProbeThatIsCancelledMakesRoomForAnother) {
  Fail(1, ErrorCode::kAgentShutdown);
  sender_.Waits(30 * kSecond);
  sender_.Sends("m1");
  sender_.Cancels("m1");
  EXPECT_FALSE(IsOpen());
  EXPECT_TRUE(IsOpen());
}

TEST_F(CircuitTest, AReconciledOutcomeDoesNotCountAgain) {
  Fail(1, ErrorCode::kAgentShutdown);
  sender_.Waits(30 * kSecond);
  sender_.Sends("m1", PolicyWithRetries(0));
  sender_.Waits(kSecond);  // The probe fails, and then
  sender_.Hears(Success());
  EXPECT_EQ(sender_.State(), "COMPLETED_SUCCESS");
  EXPECT_TRUE(IsOpen());
}

class RowTest : public ::testing::Test {
 protected:
  RowTest() { sender_.Sends("m1"); }

  bool Counts(const AckIn& ack) {
    return sender_.Hears(ack).find("DUPLICATE_ACK") == std::string::npos;
  }

  SenderStory sender_;
};

// CMB-DUP-011.
TEST_F(RowTest, OfAttemptsAndNumbersRises) {
  EXPECT_TRUE(Counts(InProgress(1, 5)));
  EXPECT_FALSE(Counts(InProgress(1, 5)));
  EXPECT_FALSE(Counts(Progress(4)));
  EXPECT_TRUE(Counts(Progress(6)));
  EXPECT_TRUE(Counts(Progress(1, 2)));  // Of a target that restarted, or a retry.
  EXPECT_FALSE(Counts(Progress(7, 1)));
  EXPECT_TRUE(Counts(InProgress(3, 0)));
  EXPECT_FALSE(Counts(InProgress(3, 0)));
}

TEST_F(RowTest, ALaterHoldProlongsTheHold) {
  sender_.Hears(Held(5 * kSecond, 1, 1));
  EXPECT_EQ(sender_.TimersLeft(), "EXECUTION 65000\nTTL 300000\n");
  EXPECT_TRUE(Counts(Held(90 * kSecond, 1, 2)));
  EXPECT_EQ(sender_.TimersLeft(), "EXECUTION 150000\nTTL 300000\n");
  EXPECT_TRUE(Counts(InProgress(1, 3)));
  EXPECT_EQ(sender_.TimersLeft(), "EXECUTION 60000\nTTL 300000\n");
  EXPECT_FALSE(Counts(Held(5 * kSecond, 1, 2)));
}

TEST(SenderProfileTest, ATrackedSenderCancelsAndABasicOneNotEvenByItsPolicy) {
  DeliveryPolicy policy = PolicyWithRetries(0);
  policy.cancel_on_timeout = true;
  for (const Profile profile : {Profile::kBasic, Profile::kTracked}) {
    SenderConfig config;
    config.profile = profile;
    SenderStory sender(config);
    sender.Sends("m1", policy);
    EXPECT_EQ(sender.Waits(kSecond).find("CANCEL") != std::string::npos,
              profile == Profile::kTracked);
    sender.Sends("m2");
    EXPECT_EQ(sender.Cancels("m2") != "", profile == Profile::kTracked);
  }
}

}  // namespace
}  // namespace cmb::lifecycle::testing
