// One suite for every EventSink, the line form, and what only the file can do.
#include "reference/sinks/event_sink.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "reference/sinks/event_line.h"
#include "reference/sinks/jsonl_event_sink.h"
#include "reference/sinks/memory_event_sink.h"

namespace cmb::reference {
namespace {

using ack::v1::Event;

Event Routed(std::uint64_t number, const std::string& id = "abc-123") {
  Event event;
  event.set_number(number);
  auto& transition = *event.mutable_transition();
  transition.set_message_id(id);
  transition.set_old_state(ack::v1::STATE_SEND_PENDING);
  transition.set_new_state(ack::v1::STATE_ROUTED);
  transition.set_reason(ack::v1::REASON_ROUTER_ACK);
  return event;
}

std::string FreshPath(const std::string& name) {
  const auto path = std::filesystem::path(testing::TempDir()) /
                    (name + "-" + std::to_string(getpid()) + ".jsonl");
  std::filesystem::remove(path);
  std::filesystem::remove(path.string() + ".1");
  std::filesystem::remove(path.string() + ".2");
  return path;
}

std::vector<std::string> Lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

// Reads back what a file sink wrote, through Protobuf's JSON.
Event Parsed(const std::string& line) {
  const auto at = line.find("\"event\":") + 8;
  Event event;
  EXPECT_TRUE(
      google::protobuf::util::JsonStringToMessage(line.substr(at, line.size() - at - 1), &event)
          .ok())
      << line;
  return event;
}

// A sink together with a way to read what it holds.
class Kept {
 public:
  virtual ~Kept() = default;
  virtual EventSink& sink() = 0;
  virtual std::vector<Event> Read() = 0;
};

class KeptInMemory : public Kept {
 public:
  EventSink& sink() override { return sink_; }
  std::vector<Event> Read() override { return sink_.Take(); }

 private:
  MemoryEventSink sink_;
};

class KeptInFile : public Kept {
 public:
  EventSink& sink() override { return sink_; }
  std::vector<Event> Read() override {
    std::vector<Event> events;
    for (const auto& line : Lines(path_)) {
      events.push_back(Parsed(line));
    }
    return events;
  }

 private:
  std::string path_ = FreshPath("shared");
  JsonlEventSink sink_{path_};
};

struct Maker {
  const char* name;
  std::unique_ptr<Kept> (*make)();
};

const Maker kMakers[] = {
    {"Memory", []() -> std::unique_ptr<Kept> { return std::make_unique<KeptInMemory>(); }},
    {"Jsonl", []() -> std::unique_ptr<Kept> { return std::make_unique<KeptInFile>(); }},
};

class AnyEventSink : public testing::TestWithParam<Maker> {
 protected:
  std::unique_ptr<Kept> kept_ = GetParam().make();
};

INSTANTIATE_TEST_SUITE_P(, AnyEventSink, testing::ValuesIn(kMakers),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(AnyEventSink, KeepsEveryEventOnceAndInOrder) {
  for (std::uint64_t n = 1; n <= 5; ++n) {
    kept_->sink().Write(Routed(n));
  }
  kept_->sink().Flush();
  std::vector<std::uint64_t> numbers;
  for (const auto& event : kept_->Read()) {
    numbers.push_back(event.number());
  }
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
}

TEST_P(AnyEventSink, KeepsEveryField) {
  Event event = Routed(7, "quote \" newline \n");
  event.mutable_transition()->set_wall_ms(18446744073709551615ULL);
  event.mutable_transition()->mutable_details()->add_skipped(ack::v1::ACK_TYPE_ROUTER_ACK);
  kept_->sink().Write(event);
  kept_->sink().Flush();
  EXPECT_EQ(kept_->Read().at(0).SerializeAsString(), event.SerializeAsString());
}

TEST(EventLine, TransitionIsIdStatesAndReason) {
  EXPECT_EQ(EventLine(Routed(1)), "[abc-123] SEND_PENDING -> ROUTED (ROUTER_ACK)");
}

TEST(EventLine, AnomalyWithoutIdStillNamesItsPeer) {
  Event event;
  event.mutable_anomaly()->set_kind(ack::v1::ANOMALY_KIND_MALFORMED);
  event.mutable_anomaly()->set_peer("sender");
  event.mutable_anomaly()->set_note("3 frames");
  EXPECT_EQ(EventLine(event), "[-] anomaly MALFORMED from sender: 3 frames");
}

TEST(JsonlEventSink, EveryLineBeginsWithTheLineForm) {
  const auto path = FreshPath("lines");
  JsonlEventSink sink(path);
  sink.Write(Routed(1));
  sink.Flush();
  const std::string begin = "{\"line\":\"[abc-123] SEND_PENDING -> ROUTED (ROUTER_ACK)\",";
  EXPECT_EQ(Lines(path).at(0).substr(0, begin.size()), begin);
}

TEST(JsonlEventSink, RotatesAndKeepsOnlyTheNewestFiles) {
  const auto path = FreshPath("rotate");
  JsonlEventSink sink(path, {.max_bytes = 1, .keep = 2});
  for (std::uint64_t n = 1; n <= 5; ++n) {
    sink.Write(Routed(n));
  }
  sink.Flush();
  EXPECT_EQ(Parsed(Lines(path).at(0)).number(), 5u);
  EXPECT_EQ(Parsed(Lines(path + ".1").at(0)).number(), 4u);
  EXPECT_EQ(Parsed(Lines(path + ".2").at(0)).number(), 3u);
  EXPECT_FALSE(std::filesystem::exists(path + ".3"));
}

TEST(JsonlEventSink, ADirectoryThatDoesNotExistIsOneClearSentence) {
  EXPECT_THROW(JsonlEventSink("/nonexistent/dir/events.jsonl"), std::runtime_error);
}

TEST(MemoryEventSink, ForgetsTheOldestBeyondItsCapacityAndSaysSo) {
  MemoryEventSink sink(2);
  for (std::uint64_t n = 1; n <= 3; ++n) {
    sink.Write(Routed(n));
  }
  EXPECT_EQ(sink.forgotten(), 1u);
  EXPECT_EQ(sink.Take().at(0).number(), 2u);
}

TEST(MemoryEventSink, TakingLeavesNothing) {
  MemoryEventSink sink;
  sink.Write(Routed(1));
  EXPECT_EQ(sink.Take().size(), 1u);
  EXPECT_TRUE(sink.Take().empty());
}

}  // namespace
}  // namespace cmb::reference
