#include "reference/lifecycle/mark_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>

namespace cmb::lifecycle {
namespace {

MessageKey MarkKey(const std::string& id, const std::string& source = "sender") {
  return {ModuleId(source), MessageId(id)};
}

RouterMark RaisedMark(std::int64_t at_ms, Attempt closed = 1) {
  RouterMark mark;
  mark.closed = closed;
  mark.created = mark.raised = AtMs(at_ms);
  return mark;
}

RouterMark RefusedMark(std::int64_t at_ms) {
  RouterMark mark = RaisedMark(at_ms);
  mark.state = State::kRejected;
  mark.code = ErrorCode::kInternalError;
  mark.attempt = mark.refused_through = 1;
  mark.target = ModuleId("target");
  mark.channel = ChannelName("main");
  return mark;
}

// An id of the length of a UUID.
std::string LongAsAUuid(int n) {
  const std::string number = std::to_string(n);
  return std::string(36 - number.size(), '0') + number;
}

TEST(MarkTable, AMarkCostsLessThanAHundredBytes) {
  MarkTable table(1);
  constexpr int kMany = 100'000;
  for (int n = 0; n < kMany; ++n) {
    table.Put(MarkKey(LongAsAUuid(n)), n % 2 == 0 ? RaisedMark(n) : RefusedMark(n));
  }
  EXPECT_EQ(table.size(), static_cast<std::size_t>(kMany));
  EXPECT_LT(table.bytes(), 100u * kMany);
}

TEST(MarkTable, ReuseCostsNothing) {
  MarkTable table(1);
  table.Put(MarkKey("m0"), RaisedMark(0));
  const std::size_t bytes = table.bytes();
  for (int n = 1; n < 5000; ++n) {
    table.Put(MarkKey(LongAsAUuid(n) + "longer"), RefusedMark(n));
    table.Erase(table.First()->key);
  }
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.bytes(), bytes);
}

TEST(MarkTable, GivesBackWhatWasPut) {
  MarkTable table(1);
  const std::string longest(300, 'x');
  for (const std::string& id : {std::string(), std::string("m1"), longest}) {
    RouterMark mark = RefusedMark(7000);
    mark.created = AtMs(5000);
    table.Put(MarkKey(id), mark);
    EXPECT_EQ(table.Find(MarkKey(id)), mark);
    EXPECT_EQ(table.Find(MarkKey(id, "other")), std::nullopt);
    EXPECT_TRUE(table.HasRefused(MessageId(id)));
  }
  table.Put(MarkKey("m2", ""), RefusedMark(7500));
  EXPECT_TRUE(table.Find(MarkKey("m2", "")));
  EXPECT_FALSE(table.Find(MarkKey("m2", "unknown")));
  table.Put(MarkKey("bare"), RaisedMark(8000));
  EXPECT_FALSE(table.HasRefused(MessageId("bare")));
}

TEST(MarkTable, TheOneRaisedLongestAgoIsFirst) {
  MarkTable table(1);
  table.Put(MarkKey("m1"), RaisedMark(1));
  table.Put(MarkKey("m2"), RaisedMark(2));
  table.Put(MarkKey("m1"), RaisedMark(3, 2));
  table.Put(MarkKey("m2"), RaisedMark(2, 5));  // Changed, and not raised.
  ASSERT_TRUE(table.First());
  EXPECT_EQ(table.First()->key, MarkKey("m2"));
  EXPECT_EQ(table.First()->raised, AtMs(2));
  table.Erase(MarkKey("m2"));
  EXPECT_EQ(table.First()->key, MarkKey("m1"));
  table.Erase(MarkKey("m1"));
  table.Erase(MarkKey("m1"));
  EXPECT_FALSE(table.First());
}

// Against an ordinary map, whatever comes.
TEST(MarkTable, KeepsWhatAMapKeeps) {
  std::mt19937 random(20261129);
  MarkTable table(99);
  std::map<MessageKey, RouterMark> model;
  for (int step = 0; step < 20'000; ++step) {
    const MessageKey key =
        MarkKey("m" + std::to_string(random() % 3000) + std::string(step % 50, '-'),
                random() % 2 == 0 ? "sender" : "other");
    if (random() % 3 != 0) {
      const RouterMark mark = random() % 2 == 0 ? RaisedMark(step) : RefusedMark(step);
      table.Put(key, mark);
      model.insert_or_assign(key, mark);
    } else if (!model.empty()) {
      const auto at = std::next(model.begin(), static_cast<int>(random() % 20 % model.size()));
      table.Erase(at->first);
      model.erase(at);
    }
  }
  ASSERT_EQ(table.size(), model.size());
  for (const auto& [key, mark] : model) {
    ASSERT_EQ(table.Find(key), mark);
  }
  const auto all = table.All();
  EXPECT_EQ(all.size(), model.size());
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const auto& a, const auto& b) { return a.raised < b.raised; }));
}

}  // namespace
}  // namespace cmb::lifecycle
