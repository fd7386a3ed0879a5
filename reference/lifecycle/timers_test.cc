#include "reference/lifecycle/timers.h"

#include <gtest/gtest.h>

#include <string>

namespace cmb::lifecycle {
namespace {

const MessageKey kM1{ModuleId("sender"), MessageId("m1")};
const MessageKey kM2{ModuleId("sender"), MessageId("m2")};

std::string FiredAt(TimerTable& table, Instant now, TimerClass timer_class) {
  std::string fired;
  while (const std::optional<Timer> timer = table.PopDue(now, timer_class)) {
    fired += timer->key.id.str() + ":" + Word(timer->kind) + " ";
  }
  return fired;
}

TEST(TimerTableTest, FiresByDeadlineThenTtlThenOrderOfArming) {
  TimerTable table;
  table.Arm(kM2, TimerKind::kExecution, AtMs(10));
  table.Arm(kM1, TimerKind::kExecution, AtMs(10));
  table.Arm(kM1, TimerKind::kTtl, AtMs(10));
  table.Arm(kM2, TimerKind::kTtl, AtMs(5));
  EXPECT_EQ(FiredAt(table, AtMs(10), TimerClass::kProtocol),
            "m2:TTL m1:TTL m2:EXECUTION m1:EXECUTION ");
}

TEST(TimerTableTest, ArmingAgainTakesANewPlace) {
  TimerTable table;
  table.Arm(kM1, TimerKind::kExecution, AtMs(10));
  table.Arm(kM2, TimerKind::kExecution, AtMs(10));
  table.Arm(kM1, TimerKind::kExecution, AtMs(10));
  EXPECT_EQ(table.size(), 2u);
  EXPECT_EQ(FiredAt(table, AtMs(10), TimerClass::kProtocol), "m2:EXECUTION m1:EXECUTION ");
}

TEST(TimerTableTest, HousekeepingIsApart) {
  TimerTable table;
  table.Arm(kM1, TimerKind::kRecordExpiry, AtMs(5));
  EXPECT_FALSE(table.Next(TimerClass::kProtocol).has_value());
  EXPECT_EQ(FiredAt(table, AtMs(9), TimerClass::kProtocol), "");
  EXPECT_EQ(FiredAt(table, AtMs(9), TimerClass::kHousekeeping), "m1:RECORD_EXPIRY ");
}

TEST(TimerTableTest, WhatIsDisarmedNeverFires) {
  TimerTable table;
  table.Arm(kM1, TimerKind::kTtl, AtMs(5));
  table.Arm(kM1, TimerKind::kRecordExpiry, AtMs(5));
  table.Arm(kM2, TimerKind::kTtl, AtMs(5));
  table.DisarmProtocol(kM1);
  EXPECT_EQ(FiredAt(table, AtMs(5), TimerClass::kProtocol), "m2:TTL ");
  EXPECT_TRUE(table.DeadlineOf(kM1, TimerKind::kRecordExpiry).has_value());
  table.DisarmAll(kM1);
  EXPECT_EQ(table.size(), 0u);
}

TEST(TimerTableTest, BeforeItsDeadlineNothingIsDue) {
  TimerTable table;
  table.Arm(kM1, TimerKind::kTtl, AtMs(5));
  EXPECT_FALSE(table.PopDue(AtMs(4), TimerClass::kProtocol).has_value());
  ASSERT_EQ(table.All().size(), 1u);
  EXPECT_EQ(table.All().front().deadline, AtMs(5));
}

}  // namespace
}  // namespace cmb::lifecycle
