// A wait that the suite itself did not have is given back.
#include "conformance/control/lost_time.h"

#include <gtest/gtest.h>

#include "conformance/control/deadline.h"

namespace cmb::conformance {
namespace {

using std::chrono_literals::operator""ms;

TEST(LostTime, IsWhatAWaitTookTooLong) {
  const auto before = LostInWaits();
  NoteWait(200ms, 210ms);
  NoteWait(200ms, 200ms + kLateWakeUp);  // A busy machine.
  EXPECT_EQ(LostInWaits(), before);
  NoteWait(200ms, 8'200ms);
  EXPECT_EQ(LostInWaits() - before, 8'000ms);
}

TEST(LostTime, DeadlinesDoNotCountIt) {
  const Deadline deadline = Deadline::In(0ms);
  EXPECT_TRUE(deadline.Passed());
  NoteWait(200ms, 60'200ms);
  EXPECT_FALSE(deadline.Passed());
  EXPECT_GT(deadline.Left(), 50'000ms);
}

TEST(Deadline, OfAGuardOfZeroNeverComes) {
  EXPECT_GT(Deadline::OfGuard(0ms).Left(), std::chrono::hours(24));
  EXPECT_LE(Deadline::OfGuard(5ms).Left(), 5ms);
}

}  // namespace
}  // namespace cmb::conformance
