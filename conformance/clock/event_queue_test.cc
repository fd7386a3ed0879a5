#include "conformance/clock/event_queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace cmb::conformance {
namespace {

std::vector<std::string> TakeAll(EventQueue<std::string>& queue, std::uint64_t now_ms) {
  std::vector<std::string> taken;
  while (auto item = queue.TakeDue(FromMs(now_ms))) {
    taken.push_back(*item);
  }
  return taken;
}

TEST(EventQueue, TakesByInstantThenByOrderOfScheduling) {
  EventQueue<std::string> queue;
  queue.Schedule(FromMs(20), "late");
  queue.Schedule(FromMs(10), "first");
  queue.Schedule(FromMs(10), "second");
  EXPECT_EQ(TakeAll(queue, 30), (std::vector<std::string>{"first", "second", "late"}));
}

TEST(EventQueue, KeepsWhatIsNotDue) {
  EventQueue<std::string> queue;
  queue.Schedule(FromMs(10), "due");
  queue.Schedule(FromMs(11), "not yet");
  EXPECT_EQ(TakeAll(queue, 10), std::vector<std::string>{"due"});
  EXPECT_EQ(queue.Next(), FromMs(11));
  EXPECT_EQ(queue.size(), 1u);
}

TEST(EventQueue, AnItemScheduledMeanwhileForTheSameInstantComesLast) {
  EventQueue<std::string> queue;
  queue.Schedule(FromMs(10), "a");
  queue.Schedule(FromMs(10), "b");
  ASSERT_EQ(queue.TakeDue(FromMs(10)), "a");
  queue.Schedule(FromMs(10), "c");
  EXPECT_EQ(TakeAll(queue, 10), (std::vector<std::string>{"b", "c"}));
}

TEST(EventQueue, TakesBackExactlyTheItemOfTheTicket) {
  EventQueue<std::string> queue;
  queue.Schedule(FromMs(10), "stays");
  const Ticket ticket = queue.Schedule(FromMs(10), "goes");
  EXPECT_TRUE(queue.TakeBack(ticket));
  EXPECT_FALSE(queue.TakeBack(ticket));
  EXPECT_EQ(TakeAll(queue, 10), std::vector<std::string>{"stays"});
}

TEST(EventQueue, EmptyHasNoNext) {
  EventQueue<std::string> queue;
  EXPECT_EQ(queue.Next(), std::nullopt);
  EXPECT_EQ(queue.TakeDue(kEndOfTime), std::nullopt);
}

TEST(NextStop, IsTheGoalWhenNothingElseComesFirst) {
  EXPECT_EQ(NextStop(FromMs(0), FromMs(100), std::nullopt, std::nullopt), FromMs(100));
  EXPECT_EQ(NextStop(FromMs(0), FromMs(100), FromMs(101), FromMs(102)), FromMs(100));
}

TEST(NextStop, StepsOverNeitherScheduledItemNorDeadline) {
  EXPECT_EQ(NextStop(FromMs(0), FromMs(100), FromMs(40), FromMs(50)), FromMs(40));
  EXPECT_EQ(NextStop(FromMs(0), FromMs(100), FromMs(60), FromMs(50)), FromMs(50));
}

TEST(NextStop, IsNeverBeforeNow) {
  EXPECT_EQ(NextStop(FromMs(70), FromMs(100), std::nullopt, FromMs(50)), FromMs(70));
}

TEST(VirtualTime, HoldsWhateverAnIutMaySay) {
  EXPECT_EQ(FromMs(18446744073709551615u), kEndOfTime);
  EXPECT_EQ(ToMs(FromMs(604800000)), 604800000u);
}

}  // namespace
}  // namespace cmb::conformance
