// What the router's log says, and that a stranger cannot fill it.
#include "reference/program/log_sink.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reference/router/router_test_bench.h"

namespace cmb::reference {
namespace {

using Level = LogSink::Level;

struct Log {
  explicit Log(Level least = Level::info)
      : sink(clock, least, [this](Level level, const std::string& line) {
          lines.push_back(std::string(level == Level::warn   ? "W "
                                      : level == Level::info ? "I "
                                                             : "D ") +
                          line);
        }) {}

  std::vector<std::string> lines;  // Outlives the sink, which tells at its end.
  ManualClock clock;
  LogSink sink;
};

ack::v1::Event Malformed(const std::string& peer, const std::string& note = "3 frames") {
  ack::v1::Event event;
  event.mutable_anomaly()->set_kind(ack::v1::ANOMALY_KIND_MALFORMED);
  event.mutable_anomaly()->set_peer(peer);
  event.mutable_anomaly()->set_note(note);
  return event;
}

// A router whose answers the log hears.
struct Told {
  explicit Told(Level least) : log(least) {
    bench.shell.SetAnswerListener(
        [this](const auto& answer, const auto& target) { log.sink.Answered(answer, target); });
  }
  Log log;
  Bench bench;
};

TEST(LogSink, ARefusalIsALineWithItsReason) {
  Told told(Level::info);
  told.bench.sockets.AnswerWith("target", SendResult::kUnroutable);
  told.bench.Arrives(kMain, MessageHeader("m1"));
  ASSERT_EQ(told.log.lines.size(), 1u);
  EXPECT_EQ(told.log.lines[0],
            "I [m1] attempt 1 is refused: NO_ROUTE, the target is not connected (from sender to "
            "target)");
}

TEST(LogSink, AnAcceptanceIsADetail) {
  Told at_info(Level::info);
  at_info.bench.Arrives(kMain, MessageHeader("m1"));
  EXPECT_TRUE(at_info.log.lines.empty());
  Told at_debug(Level::debug);
  at_debug.bench.Arrives(kMain, MessageHeader("m1"));
  ASSERT_EQ(at_debug.log.lines.size(), 1u);
  EXPECT_EQ(at_debug.log.lines[0], "D [m1] attempt 1 is accepted (from sender)");
}

TEST(LogSink, ADeadLetterSaysWhy) {
  Log log;
  ack::v1::Event event;
  auto& letter = *event.mutable_transition();
  letter.set_message_id("m1");
  letter.set_source("sender");
  letter.set_target("target");
  letter.set_channel("extra");
  letter.set_old_state(ack::v1::STATE_FORWARDING);
  letter.set_new_state(ack::v1::STATE_DEAD_LETTERED);
  letter.mutable_details()->set_error_code(ack::v1::ERROR_CODE_CHANNEL_MISMATCH);
  letter.mutable_details()->set_note("its channel extra is configured no more");
  log.sink.Write(event);
  ASSERT_EQ(log.lines.size(), 1u);
  EXPECT_EQ(log.lines[0],
            "W [m1] is a dead letter: CHANNEL_MISMATCH, its channel extra is configured no more "
            "(from sender to target on extra)");
}

TEST(LogSink, OfOnePeerAndKindAFewLinesAndThenACount) {
  Log log;
  for (int i = 0; i < 12'005; ++i) {
    log.sink.Write(Malformed("stranger"));
  }
  log.sink.Write(Malformed("another"));
  EXPECT_EQ(log.lines.size(), 6u);
  log.clock.SetNowMs(kLineSpanMs - 1);
  log.sink.Flush();
  EXPECT_EQ(log.lines.size(), 6u);
  log.clock.SetNowMs(kLineSpanMs);
  log.sink.Flush();
  ASSERT_EQ(log.lines.size(), 7u);
  EXPECT_EQ(log.lines.back(), "W 12000 more in 10 s: MALFORMED from stranger");
  log.sink.Write(Malformed("stranger"));
  EXPECT_EQ(log.lines.back(), "W [-] anomaly MALFORMED from stranger: 3 frames");
}

TEST(LogSink, TellsAtItsEndWhatItStillCounts) {
  std::vector<std::string> lines;
  const ManualClock clock;
  {
    LogSink sink(clock, Level::info,
                 [&](Level, const std::string& line) { lines.push_back(line); });
    for (int i = 0; i < 7; ++i) {
      sink.Write(Malformed("stranger"));
    }
  }
  EXPECT_EQ(lines.back(), "2 more in 0 s: MALFORMED from stranger");
}

// Names cost a stranger nothing.
TEST(LogSink, AnyNumberOfNamesCostsABoundedNumberOfLines) {
  Log log;
  for (int i = 0; i < 10'000; ++i) {
    log.sink.Write(Malformed("stranger" + std::to_string(i)));
  }
  log.clock.SetNowMs(kLineSpanMs);
  log.sink.Flush();
  EXPECT_LE(log.lines.size(), kLineCauses + kLinesOfACause + 1);
  EXPECT_EQ(log.lines.back(), "W 9931 more in 10 s: of other causes");
}

TEST(LogSink, WhatAStrangerWritesIsOneShortLine) {
  Log log;
  log.sink.Write(Malformed("a\nb", std::string(60'000, '\x01')));
  ASSERT_EQ(log.lines.size(), 1u);
  EXPECT_LT(log.lines[0].size(), 1100u);
  EXPECT_NE(log.lines[0].find("from a\\x0ab"), std::string::npos);
}

}  // namespace
}  // namespace cmb::reference
