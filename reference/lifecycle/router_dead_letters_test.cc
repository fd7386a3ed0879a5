// What becomes of messages that a router gave up, and what it tells of itself.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {
namespace {

const MessageKey kM1{ModuleId("sender"), MessageId("m1")};

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
  router.LosesToTheLetters();
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
  router.LosesToTheLetters("m1");
  router.LosesToTheLetters("m2");
  EXPECT_NE(router.Takes(Copy("m3")).find("ROUTER_ACK/SUCCESS"), std::string::npos);
}

// CMB-DLQ-012.
TEST(DeadLetterTest, OfOneSourceRefusesThatSourceAlone) {
  RouterConfig config;
  config.dead_letters = 8;
  RouterStory router(config);
  for (const char* id : {"m1", "m2", "m3", "m4", "m5", "m6"}) {
    router.LosesToTheLetters(id);
  }
  const std::string refusal = router.Takes(Copy("m7"));
  EXPECT_NE(refusal.find("ROUTER_ACK/REJECTED BUFFER_FULL m7"), std::string::npos);
  EXPECT_NE(refusal.find("too many dead letters of this source"), std::string::npos);
  MessageIn others = Copy("m1");
  others.source = ModuleId("other");
  EXPECT_NE(router.Takes(others).find("ROUTER_ACK/SUCCESS"), std::string::npos);
  router.core().Purge({ModuleId("sender"), {}, MessageId("m1")}, router.now());
  EXPECT_NE(router.Takes(Copy("m8")).find("ROUTER_ACK/SUCCESS"), std::string::npos);
}

TEST(DeadLetterTest, ExpiresAtARouterThatIsNotDurable) {
  RouterConfig config;
  config.profile = Profile::kTracked;
  config.dead_letters = 1;
  RouterStory router(config);
  router.LosesToTheLetters();
  EXPECT_NE(router.Takes(Copy("m2")).find("ROUTER_ACK/SUCCESS"), std::string::npos);
  router.Waits(3600 * kSecond);
  EXPECT_EQ(router.State(), "NONE");
}

TEST(DeadLetterTest, IsNoneAnyMoreWhenTheTargetHadItAfterAll) {
  RouterStory router;
  router.LosesToTheLetters();
  router.Hears(Receipt());
  EXPECT_FALSE(router.core().DeadLetter(kM1));
  EXPECT_FALSE(router.Record()->dead_letter);
}

TEST(DeadLetterTest, IsOneAgainIfAnotherAttemptFailsToo) {
  RouterStory router;
  router.LosesToTheLetters();
  router.core().Purge({ModuleId("sender"), {}, {}}, router.now());
  router.Takes(Copy("m1", 2));
  router.Waits(9 * kSecond);
  EXPECT_EQ(router.core().DeadLetter(kM1)->attempt, 2u);
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
  router.LosesToTheLetters("m1");
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

// Any module may ask, and the router has one thread.
TEST(RouterListTest, APageCostsWhatStandsOnIt) {
  RouterStory router;
  for (int i = 100; i < 400; ++i) {
    const std::string id = "m" + std::to_string(i);
    router.Takes(Copy(id));
    if (i % 100 != 0) {
      AckIn end = Executed();
      end.correlation_id = MessageId(id);
      router.Hears(end);
    }
  }
  const auto page = router.core().InFlight({.after = {}, .limit = 2});
  ASSERT_EQ(page.entries.size(), 2u);
  EXPECT_TRUE(page.more);
  EXPECT_EQ(page.looked_at, 2u);
  const auto last = router.core().InFlight({.after = page.entries[1].key, .limit = 2});
  ASSERT_EQ(last.entries.size(), 1u);
  EXPECT_FALSE(last.more);
  EXPECT_EQ(last.looked_at, 1u);
  EXPECT_EQ(router.core().DeadLetters({.after = {}, .limit = 2}).looked_at, 0u);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
