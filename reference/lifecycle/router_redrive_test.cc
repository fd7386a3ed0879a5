// What may be done with a dead letter: it is sent once more, or dropped.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {
namespace {

const MessageKey kLetter{ModuleId("sender"), MessageId("m1")};

TEST(RedriveTest, SendsANewMessageWithTheLifeOfTheOldWithoutARouterAck) {
  RouterStory router;
  router.LosesToTheLetters();
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
  AckIn of_m4 = Cancel();
  of_m4.correlation_id = MessageId("m4");
  router.Hears(of_m4);
  EXPECT_NE(router.Redrives("m1", "m4").find("INTERNAL_ERROR"), std::string::npos);
  router.Redrives("m1", "m2");
  EXPECT_EQ(router.Waits(Duration{1800}).find("MESSAGE m2"), std::string::npos);
  EXPECT_EQ(router.State("m2"), "DEAD_LETTERED");
}

TEST(RedriveTest, LeavesTheOldRecordForAWhileAndNeverRedrivesItAgain) {
  RouterStory router;
  router.LosesToTheLetters();
  router.Redrives("m1", "m2");
  EXPECT_EQ(router.State(), "DEAD_LETTERED");
  EXPECT_FALSE(router.Record()->dead_letter);
  EXPECT_EQ(router.Redrives("m1", "m3"),
            "redrive m1 as m3 VALIDATION_ERROR \"there is no such dead letter\"\n");
}

TEST(RedriveTest, TheNewMessageIsDeliveredLikeAnyOther) {
  RouterStory router;
  router.LosesToTheLetters();
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
  router.LosesToTheLetters();
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
  late.LosesToTheLetters();
  late.Waits(last - 9 * kSecond + Duration{1});
  EXPECT_EQ(
      late.Redrives("m1", "m2"),
      "redrive m1 as m2 DUPLICATE_DETECTED \"its target may have forgotten that it had it\"\n");
  EXPECT_TRUE(late.core().DeadLetter(kLetter));
  EXPECT_EQ(late.Redrives("m1", "m2", "sender", true).find("DUPLICATE_DETECTED"),
            std::string::npos);
  EXPECT_EQ(late.State("m2"), "FORWARDING");
  RouterStory in_time;
  in_time.LosesToTheLetters();
  in_time.Waits(last - 9 * kSecond);
  in_time.Redrives("m1", "m2");
  EXPECT_EQ(in_time.State("m2"), "FORWARDING");
}

TEST(RedriveTest, OfARedriveIsAsOldAsTheFirstForwardOfItsWork) {
  RouterStory router;
  router.Waits(kSecond);
  router.LosesToTheLetters();
  router.Redrives("m1", "m2");
  router.Waits(9 * kSecond);
  const MessageKey m2{ModuleId("sender"), MessageId("m2")};
  EXPECT_EQ(MsOf(router.core().DeadLetter(m2)->forwarded.value()), 1000);
}

TEST(RedriveTest, KeepsTheLetterIfThereIsNoRoute) {
  RouterStory router;
  router.LosesToTheLetters();
  router.absent = {ModuleId("target")};
  EXPECT_NE(router.Redrives("m1", "m2").find("redrive m1 as m2 NO_ROUTE"), std::string::npos);
  EXPECT_EQ(router.State("m2"), "NONE");
  EXPECT_TRUE(router.core().DeadLetter(kLetter));
  EXPECT_EQ(router.core().size(), 1u);
}

TEST(RedriveTest, KeepsTheLetterIfTheConnectionIsFull) {
  RouterStory router;
  router.LosesToTheLetters();
  router.absent = {ModuleId("target")};
  router.failure = ForwardResult::kBufferFull;
  EXPECT_NE(router.Redrives("m1", "m2").find("BUFFER_FULL"), std::string::npos);
  EXPECT_TRUE(router.core().DeadLetter(kLetter));
}

TEST(RedriveTest, KeepsTheLetterIfTheTargetsQueueIsFull) {
  RouterConfig config;
  config.queue_per_target = 1;
  RouterStory router(config);
  router.LosesToTheLetters();
  router.Takes(Copy("m9"));
  EXPECT_EQ(router.Redrives("m1", "m2"),
            "redrive m1 as m2 BUFFER_FULL \"the target's queue has no room for this source\"\n");
  EXPECT_TRUE(router.core().DeadLetter(kLetter));
}

TEST(RedriveTest, KeepsTheLetterIfTheTableIsFull) {
  RouterConfig config;
  config.records = 1;
  RouterStory router(config);
  router.LosesToTheLetters();
  router.Takes(Copy("m9"));
  EXPECT_NE(router.Redrives("m1", "m2").find("BUFFER_FULL"), std::string::npos);
  EXPECT_TRUE(router.core().DeadLetter(kLetter));
}

TEST(RedriveTest, IsForTheSourceAndForOperators) {
  RouterConfig config;
  config.operators = {ModuleId("operator")};
  RouterStory router(config);
  router.LosesToTheLetters();
  EXPECT_NE(router.Redrives("m1", "m2", "mallory").find("PERMISSION_DENIED"), std::string::npos);
  // Judged by the request alone: a stranger learns nothing of what there is.
  EXPECT_NE(router.Redrives("m8", "m2", "mallory").find("PERMISSION_DENIED"), std::string::npos);
  EXPECT_EQ(router.Redrives("m1", "m2", "operator").find("PERMISSION_DENIED"), std::string::npos);
}

TEST(PurgeTest, DropsTheLetterAndKeepsTheRecordForTwoLatencies) {
  RouterStory router;
  router.LosesToTheLetters();
  router.Waits(3600 * kSecond);
  const PurgeResult result =
      router.core().Purge({ModuleId("sender"), {}, MessageId("m1")}, router.now());
  EXPECT_EQ(result.purged, std::vector<MessageKey>{kLetter});
  router.Waits(60 * kSecond);
  EXPECT_EQ(router.State(), "DEAD_LETTERED");
  router.Waits(Duration{1});
  EXPECT_EQ(router.State(), "NONE");
}

TEST(PurgeTest, WithoutAnIdDropsTheAskersOwn) {
  RouterConfig config;
  config.operators = {ModuleId("operator")};
  RouterStory router(config);
  router.LosesToTheLetters("m1");
  router.LosesToTheLetters("m2");
  EXPECT_EQ(router.core().Purge({ModuleId("other"), {}, {}}, router.now()).purged.size(), 0u);
  EXPECT_EQ(router.core().Purge({ModuleId("operator"), {}, {}}, router.now()).purged.size(), 2u);
}

TEST(PurgeTest, AnIdIsOfTheNamedSourceElseOfTheAsker) {
  RouterConfig config;
  config.operators = {ModuleId("operator")};
  RouterStory router(config);
  router.LosesToTheLetters();
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
  router.LosesToTheLetters();
  const PurgeResult result =
      router.core().Purge({ModuleId("mallory"), ModuleId("sender"), {}}, router.now());
  EXPECT_FALSE(result.permitted);
  EXPECT_TRUE(router.core().DeadLetter(kLetter));
}

}  // namespace
}  // namespace cmb::lifecycle::testing
