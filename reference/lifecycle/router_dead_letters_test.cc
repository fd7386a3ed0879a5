// What becomes of messages that a router gave up, and what it tells of itself.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {
namespace {

const MessageKey kM1{ModuleId("sender"), MessageId("m1")};

// m1 is a dead letter, nine seconds after it came.
void GiveUp(RouterStory& router, const std::string& id = "m1") {
  router.Takes(Copy(id));
  router.Waits(9 * kSecond);
  ASSERT_EQ(router.State(id), "DEAD_LETTERED");
}

TEST(DeadLetterTest, IsListedWithWhyAndWhen) {
  RouterStory router;
  MessageIn message = Copy();
  message.payload_bytes = 77;
  router.Takes(message);
  router.Waits(10 * kSecond);
  const DeadLetterView letter = router.core().DeadLetter(kM1).value();
  EXPECT_EQ(Word(letter.reason), "DELIVERY_PHASE_ENDED");
  EXPECT_EQ(Word(letter.code), "ACK_TIMEOUT");
  EXPECT_EQ(MsOf(letter.given_up), 9000);
  EXPECT_EQ(letter.payload_bytes, 77u);
  EXPECT_EQ(letter.ttl, Duration{300000});
  EXPECT_EQ(letter.idempotency_key, IdempotencyKey("m1"));
}

TEST(DeadLetterTest, IsKeptUntilItsRetentionEnds) {
  RouterStory router;
  GiveUp(router);
  router.Waits(RouterConfig().dead_letter);
  EXPECT_EQ(router.core().DeadLetters().entries.size(), 1u);
  router.Waits(Duration{1});
  EXPECT_TRUE(router.core().DeadLetters().entries.empty());
  EXPECT_EQ(router.core().Counts().expired_letters, 1u);
  EXPECT_EQ(router.State(), "DEAD_LETTERED");  // As after a purge, for a while.
  router.Waits(3600 * kSecond);
  EXPECT_EQ(router.State(), "NONE");
}

TEST(DeadLetterTest, OfAMuteTargetTakesNoRoomFromMessages) {
  RouterConfig config;
  config.records = 1;
  RouterStory router(config);
  GiveUp(router, "m1");
  GiveUp(router, "m2");
  EXPECT_NE(router.Takes(Copy("m3")).find("ROUTER_ACK/SUCCESS"), std::string::npos);
}

// CMB-DLQ-012.
TEST(DeadLetterTest, OfOneSourceRefusesThatSourceAlone) {
  RouterConfig config;
  config.dead_letters = 8;
  RouterStory router(config);
  for (const char* id : {"m1", "m2", "m3", "m4", "m5", "m6"}) {
    GiveUp(router, id);
  }
  const std::string refusal = router.Takes(Copy("m7"));
  EXPECT_NE(refusal.find("ROUTER_ACK/REJECTED BUFFER_FULL m7"), std::string::npos);
  EXPECT_NE(refusal.find("too many dead letters of this source"), std::string::npos);
  MessageIn others = Copy("m1");
  others.connection = others.source = ModuleId("other");
  EXPECT_NE(router.Takes(others).find("ROUTER_ACK/SUCCESS"), std::string::npos);
  router.core().Purge({ModuleId("sender"), {}, MessageId("m1")}, router.now());
  EXPECT_NE(router.Takes(Copy("m8")).find("ROUTER_ACK/SUCCESS"), std::string::npos);
}

TEST(DeadLetterTest, ExpiresAtARouterThatIsNotDurable) {
  RouterConfig config;
  config.profile = Profile::kTracked;
  config.dead_letters = 1;
  RouterStory router(config);
  GiveUp(router);
  EXPECT_NE(router.Takes(Copy("m2")).find("ROUTER_ACK/SUCCESS"), std::string::npos);
  router.Waits(3600 * kSecond);
  EXPECT_EQ(router.State(), "NONE");
}

TEST(DeadLetterTest, IsNoneAnyMoreWhenTheTargetHadItAfterAll) {
  RouterStory router;
  GiveUp(router);
  router.Hears(Receipt());
  EXPECT_FALSE(router.core().DeadLetter(kM1));
  EXPECT_FALSE(router.Record()->dead_letter);
}

TEST(DeadLetterTest, IsOneAgainIfAnotherAttemptFailsToo) {
  RouterStory router;
  GiveUp(router);
  router.core().Purge({ModuleId("sender"), {}, {}}, router.now());
  router.Takes(Copy("m1", 2));
  router.Waits(9 * kSecond);
  EXPECT_EQ(router.core().DeadLetter(kM1)->attempt, 2u);
}

TEST(RedriveTest, SendsANewMessageWithTheLifeOfTheOldWithoutARouterAck) {
  RouterStory router;
  GiveUp(router);
  const std::string text = router.Redrives("m1", "m2");
  EXPECT_EQ(text,
            "forward MESSAGE m2 attempt=1 ttl=300000 delivery=1 on main to target\n"
            "redrive m1 as m2\n");
  EXPECT_EQ(router.State("m2"), "FORWARDING");
  EXPECT_EQ(router.Record("m2")->idempotency_key, IdempotencyKey("m1"));
}

TEST(RedriveTest, KeepsThePolicyAndNeedsAnIdThatIsNew) {
  RouterStory router;
  MessageIn message = Copy();
  message.policy.delivery_ack = 2 * kSecond;
  message.policy.backoff_first = 7 * kSecond;
  router.Takes(message);
  router.Takes(Copy("m3"));
  router.Waits(2 * kSecond);
  EXPECT_NE(router.Redrives("m1", "m3").find("INTERNAL_ERROR"), std::string::npos);
  EXPECT_EQ(router.State("m3"), "FORWARDING");
  router.Redrives("m1", "m2");
  EXPECT_EQ(router.Waits(Duration{1800}).find("MESSAGE m2"), std::string::npos);
  EXPECT_EQ(router.State("m2"), "DEAD_LETTERED");
}

TEST(RedriveTest, LeavesTheOldRecordForAWhileAndNeverRedrivesItAgain) {
  RouterStory router;
  GiveUp(router);
  router.Redrives("m1", "m2");
  EXPECT_EQ(router.State(), "DEAD_LETTERED");
  EXPECT_FALSE(router.Record()->dead_letter);
  EXPECT_EQ(router.Redrives("m1", "m3"),
            "redrive m1 as m3 VALIDATION_ERROR \"there is no such dead letter\"\n");
}

TEST(RedriveTest, TheNewMessageIsDeliveredLikeAnyOther) {
  RouterStory router;
  GiveUp(router);
  router.Redrives("m1", "m2");
  EXPECT_NE(router.Waits(kSecond).find("forward MESSAGE m2 attempt=1 ttl=299000 delivery=2"),
            std::string::npos);
  AckIn receipt = Receipt();
  receipt.correlation_id = MessageId("m2");
  EXPECT_NE(router.Hears(receipt).find("ack DELIVERY_ACK/SUCCESS m2 attempt=1 to sender"),
            std::string::npos);
}

TEST(RedriveTest, ANewMessageThatIsGivenUpTellsWhatItWas) {
  RouterStory router;
  GiveUp(router);
  router.Redrives("m1", "m2");
  router.Waits(9 * kSecond);
  EXPECT_EQ(router.core().DeadLetter({ModuleId("sender"), MessageId("m2")})->redrive_of,
            MessageId("m1"));
}

// CMB-DLQ-010: forwarded at 0, so the last forward must be under way for its phase and one hop
// more.
TEST(RedriveTest, IsRefusedOnceTheTargetMayHaveForgottenTheKey) {
  const Duration last = RouterConfig().key_window - 9 * kSecond - RouterConfig().max_latency;
  RouterStory late;
  GiveUp(late);
  late.Waits(last - 9 * kSecond + Duration{1});
  EXPECT_EQ(
      late.Redrives("m1", "m2"),
      "redrive m1 as m2 DUPLICATE_DETECTED \"its target may have forgotten that it had it\"\n");
  EXPECT_TRUE(late.core().DeadLetter(kM1));
  EXPECT_EQ(late.Redrives("m1", "m2", "sender", true).find("DUPLICATE_DETECTED"),
            std::string::npos);
  EXPECT_EQ(late.State("m2"), "FORWARDING");
  RouterStory in_time;
  GiveUp(in_time);
  in_time.Waits(last - 9 * kSecond);
  in_time.Redrives("m1", "m2");
  EXPECT_EQ(in_time.State("m2"), "FORWARDING");
}

TEST(RedriveTest, OfARedriveIsAsOldAsTheFirstForwardOfItsWork) {
  RouterStory router;
  router.Waits(kSecond);
  GiveUp(router);
  router.Redrives("m1", "m2");
  router.Waits(9 * kSecond);
  const MessageKey m2{ModuleId("sender"), MessageId("m2")};
  EXPECT_EQ(MsOf(router.core().DeadLetter(m2)->forwarded.value()), 1000);
}

TEST(RedriveTest, KeepsTheLetterIfThereIsNoRoute) {
  RouterStory router;
  GiveUp(router);
  router.absent = {ModuleId("target")};
  EXPECT_NE(router.Redrives("m1", "m2").find("redrive m1 as m2 NO_ROUTE"), std::string::npos);
  EXPECT_EQ(router.State("m2"), "NONE");
  EXPECT_TRUE(router.core().DeadLetter(kM1));
  EXPECT_EQ(router.core().size(), 1u);
}

TEST(RedriveTest, KeepsTheLetterIfTheConnectionIsFull) {
  RouterStory router;
  GiveUp(router);
  router.absent = {ModuleId("target")};
  router.failure = ForwardResult::kBufferFull;
  EXPECT_NE(router.Redrives("m1", "m2").find("BUFFER_FULL"), std::string::npos);
  EXPECT_TRUE(router.core().DeadLetter(kM1));
}

TEST(RedriveTest, KeepsTheLetterIfTheTargetsQueueIsFull) {
  RouterConfig config;
  config.queue_per_target = 1;
  RouterStory router(config);
  GiveUp(router);
  router.Takes(Copy("m9"));
  EXPECT_EQ(router.Redrives("m1", "m2"),
            "redrive m1 as m2 BUFFER_FULL \"the target's queue has no room for this source\"\n");
  EXPECT_TRUE(router.core().DeadLetter(kM1));
}

TEST(RedriveTest, KeepsTheLetterIfTheTableIsFull) {
  RouterConfig config;
  config.records = 1;
  RouterStory router(config);
  GiveUp(router);
  router.Takes(Copy("m9"));
  EXPECT_NE(router.Redrives("m1", "m2").find("BUFFER_FULL"), std::string::npos);
  EXPECT_TRUE(router.core().DeadLetter(kM1));
}

TEST(RedriveTest, IsForTheSourceAndForOperators) {
  RouterConfig config;
  config.operators = {ModuleId("operator")};
  RouterStory router(config);
  GiveUp(router);
  EXPECT_NE(router.Redrives("m1", "m2", "mallory").find("PERMISSION_DENIED"), std::string::npos);
  // Judged by the request alone: a stranger learns nothing of what there is.
  EXPECT_NE(router.Redrives("m8", "m2", "mallory").find("PERMISSION_DENIED"), std::string::npos);
  EXPECT_EQ(router.Redrives("m1", "m2", "operator").find("PERMISSION_DENIED"), std::string::npos);
}

TEST(PurgeTest, DropsTheLetterAndKeepsTheRecordForTwoLatencies) {
  RouterStory router;
  GiveUp(router);
  router.Waits(3600 * kSecond);
  const PurgeResult result =
      router.core().Purge({ModuleId("sender"), {}, MessageId("m1")}, router.now());
  EXPECT_EQ(result.purged, std::vector<MessageKey>{kM1});
  router.Waits(60 * kSecond);
  EXPECT_EQ(router.State(), "DEAD_LETTERED");
  router.Waits(Duration{1});
  EXPECT_EQ(router.State(), "NONE");
}

TEST(PurgeTest, WithoutAnIdDropsTheAskersOwn) {
  RouterConfig config;
  config.operators = {ModuleId("operator")};
  RouterStory router(config);
  GiveUp(router, "m1");
  GiveUp(router, "m2");
  EXPECT_EQ(router.core().Purge({ModuleId("other"), {}, {}}, router.now()).purged.size(), 0u);
  EXPECT_EQ(router.core().Purge({ModuleId("operator"), {}, {}}, router.now()).purged.size(), 2u);
}

TEST(PurgeTest, AnIdIsOfTheNamedSourceElseOfTheAsker) {
  RouterConfig config;
  config.operators = {ModuleId("operator")};
  RouterStory router(config);
  GiveUp(router);
  const auto purges = [&router](const char* source) {
    return router.core()
        .Purge({ModuleId("operator"), ModuleId(source), MessageId("m1")}, router.now())
        .purged.size();
  };
  EXPECT_EQ(purges(""), 0u);
  EXPECT_EQ(purges("sender"), 1u);
}

TEST(PurgeTest, IsNotForStrangers) {
  RouterStory router;
  GiveUp(router);
  const PurgeResult result =
      router.core().Purge({ModuleId("mallory"), ModuleId("sender"), {}}, router.now());
  EXPECT_FALSE(result.permitted);
  EXPECT_TRUE(router.core().DeadLetter(kM1));
}

TEST(RouterListTest, GoesOnBehindTheCursor) {
  RouterStory router;
  for (const char* id : {"m3", "m1", "m2"}) {
    router.Takes(Copy(id));
  }
  const auto first = router.core().InFlight({.after = {}, .limit = 2});
  ASSERT_EQ(first.entries.size(), 2u);
  EXPECT_TRUE(first.more);
  EXPECT_EQ(first.entries[0].key.id, MessageId("m1"));
  const auto rest = router.core().InFlight({.after = first.entries[1].key, .limit = 2});
  ASSERT_EQ(rest.entries.size(), 1u);
  EXPECT_FALSE(rest.more);
  EXPECT_EQ(rest.entries[0].key.id, MessageId("m3"));
}

TEST(RouterListTest, LeavesOutWhatHasEnded) {
  RouterStory router;
  router.Takes(Copy());
  router.Hears(Executed());
  EXPECT_TRUE(router.core().InFlight({}).entries.empty());
}

TEST(RouterCountsTest, TellsRecordsLettersAndQueues) {
  RouterStory router;
  GiveUp(router, "m1");
  router.Takes(Copy("m2"));
  router.Takes(Copy("m3"));
  AckIn receipt = Receipt();
  receipt.correlation_id = MessageId("m3");
  router.Hears(receipt);
  AckIn cancel = Cancel();
  cancel.correlation_id = MessageId("m4");
  router.Hears(cancel);  // A bare mark is no record.
  const RouterCounts counts = router.core().Counts();
  EXPECT_EQ(counts.records, 3u);
  EXPECT_EQ(counts.in_flight(), 2u);
  EXPECT_EQ(counts.dead_letters, 1u);
  EXPECT_EQ(counts.queues, (std::map<ModuleId, std::size_t>{{ModuleId("target"), 1}}));
}

}  // namespace
}  // namespace cmb::lifecycle::testing
