// One suite for every EventSink, the line form, and what only memory can do.
#include "reference/sinks/event_sink.h"

#include <gtest/gtest.h>

#include <memory>

#include "reference/extras/events/jsonl_event_sink.h"
#include "reference/extras/events/pub_event_sink.h"
#include "reference/extras/events/sqlite_event_sink.h"
#include "reference/sinks/event_line.h"
#include "reference/sinks/memory_event_sink.h"
#include "reference/sinks/sinks_test_events.h"

namespace cmb::reference {
namespace {

using ack::v1::Event;

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
  std::string path_ = FreshPath("events.jsonl");
  JsonlEventSink sink_{path_};
};

class KeptInSqlite : public Kept {
 public:
  EventSink& sink() override { return sink_; }
  std::vector<Event> Read() override { return ReadSqliteEvents(path_); }

 private:
  std::string path_ = FreshPath("events.db");
  SqliteEventSink sink_{path_};
};

// What a watcher that was there in time sees.
class KeptByWatcher : public Kept {
 public:
  KeptByWatcher() {
    watcher_.set(zmq::sockopt::rcvtimeo, kPatienceMs);
    watcher_.set(zmq::sockopt::subscribe, "cmb.event.");
    watcher_.connect(sink_.address());
    AwaitSubscription();
  }
  EventSink& sink() override { return sink_; }
  std::vector<Event> Read() override {
    sink_.Write(Mark());
    std::vector<Event> events;
    while (true) {
      Event event = Next();
      if (event.number() == Mark().number()) {
        return events;
      }
      events.push_back(std::move(event));
    }
  }

 private:
  static constexpr int kPatienceMs = 10'000;
  static Event Mark() { return Routed(1'000'000); }

  Event Next() {
    Event event;
    zmq::message_t topic;
    zmq::message_t bytes;
    EXPECT_TRUE(watcher_.recv(topic) && watcher_.recv(bytes)) << "nothing was published";
    EXPECT_EQ(topic.to_string(), "cmb.event.sender.transition");
    EXPECT_TRUE(event.ParseFromString(bytes.to_string()));
    return topic.empty() ? Mark() : event;
  }
  // Publishes until something arrives, and takes what arrived of it.
  void AwaitSubscription() {
    zmq::pollitem_t item{watcher_.handle(), 0, ZMQ_POLLIN, 0};
    int tries = 0;
    do {
      sink_.Write(Mark());
    } while (zmq::poll(&item, 1, std::chrono::milliseconds(1)) == 0 && ++tries < kPatienceMs);
    sink_.Write(Routed(1'000'001));
    while (Next().number() != 1'000'001) {
    }
  }

  zmq::context_t context_{1};
  PubEventSink sink_{context_, "tcp://127.0.0.1:*"};
  zmq::socket_t watcher_{context_, ZMQ_SUB};
};

struct Maker {
  const char* name;
  std::unique_ptr<Kept> (*make)();
};

const Maker kMakers[] = {
    {"Memory", []() -> std::unique_ptr<Kept> { return std::make_unique<KeptInMemory>(); }},
    {"Jsonl", []() -> std::unique_ptr<Kept> { return std::make_unique<KeptInFile>(); }},
    {"Sqlite", []() -> std::unique_ptr<Kept> { return std::make_unique<KeptInSqlite>(); }},
    {"Pub", []() -> std::unique_ptr<Kept> { return std::make_unique<KeptByWatcher>(); }},
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
