#include "reference/lifecycle/ack_history.h"

#include <gtest/gtest.h>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {
namespace {

// CMB-INS-011.
TEST(AckHistoryTest, KeepsTheFirstAndTheLastOnes) {
  AckHistory history;
  AckIn ack;
  for (Attempt attempt = 1; attempt <= 40; ++attempt) {
    ack.attempt = attempt;
    NoteIfItTookEffect(history, ack, {}, AtMs(attempt));
  }
  ASSERT_EQ(history.size(), kFirstAcks + kLastAcks);
  EXPECT_EQ(std::get<Attempt>(history[15]), 16u);
  EXPECT_EQ(std::get<Attempt>(history[16]), 25u);
  EXPECT_EQ(std::get<Instant>(history[31]), AtMs(40));
}

TEST(AckHistoryTest, ARecordTellsWhatCameForItAndWasNoAnomaly) {
  RouterStory router;
  router.Hears(Cancel(1));  // Before its message: there is no record yet.
  router.Takes(Copy("m1", 2));
  router.Waits(kSecond);
  router.Hears(Receipt(2));
  router.Hears(Receipt(2));  // DUPLICATE_ACK.
  router.Hears(Executed(Status::kSuccess, 2));
  const AckHistory wanted = {{AckType::kReceipt, Status::kSuccess, 2, AtMs(1000)},
                             {AckType::kExecutionAck, Status::kSuccess, 2, AtMs(1000)}};
  EXPECT_EQ(router.Record()->history, wanted);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
