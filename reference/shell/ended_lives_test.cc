#include "reference/shell/ended_lives.h"

#include <gtest/gtest.h>

namespace cmb::reference {
namespace {

using lifecycle::AtMs;
using lifecycle::TimerKind;

// CMB-TMR-010.
TEST(EndedLives, OfARecordTheTtlAloneIsDueNow) {
  lifecycle::SenderImage image;
  image.record.expires = AtMs(300'000);
  image.timers = {{TimerKind::kTtl, AtMs(300'000), 1}, {TimerKind::kExecution, AtMs(60'000), 2}};
  EndLife(image, AtMs(5'000));
  EXPECT_EQ(image.record.expires, AtMs(5'000));
  EXPECT_EQ(image.timers[0].deadline, AtMs(5'000));
  EXPECT_EQ(image.timers[1].deadline, AtMs(60'000));
}

TEST(EndedLives, ARecordOfARouterHasNoLifeLeft) {
  lifecycle::RouterImage image;
  image.record.expires = AtMs(300'000);
  image.timers = {{TimerKind::kTtl, AtMs(300'000), 1}};
  EndLife(image, AtMs(5'000));
  EXPECT_EQ(image.record.expires, AtMs(5'000));
  EXPECT_EQ(image.timers[0].deadline, AtMs(5'000));
}

TEST(EndedLives, OfAWorkEveryMessagesLifeEnds) {
  lifecycle::WorkImage image;
  image.expires = AtMs(300'000);
  image.messages[lifecycle::MessageId("m1")].expires = AtMs(1'000);
  image.messages[lifecycle::MessageId("m2")].expires = AtMs(300'000);
  EndLife(image, AtMs(5'000));
  EXPECT_EQ(image.expires, AtMs(5'000));
  EXPECT_EQ(image.messages[lifecycle::MessageId("m1")].expires, AtMs(1'000));
  EXPECT_EQ(image.messages[lifecycle::MessageId("m2")].expires, AtMs(5'000));
}

}  // namespace
}  // namespace cmb::reference
