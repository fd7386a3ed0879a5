// What is particular to the media of events: file, database, PUB socket.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "reference/extras/events/jsonl_event_sink.h"
#include "reference/extras/events/pub_event_sink.h"
#include "reference/extras/events/sqlite_event_sink.h"
#include "reference/extras/sqlite/database.h"
#include "reference/sinks/sinks_test_events.h"

namespace cmb::reference {
namespace {

// Opens what the sink wrote.
const DatabaseOptions kEventsOptions{.application_id = 0x434D4245, .exclusive = false};

TEST(JsonlEventSink, EveryLineBeginsWithTheLineForm) {
  const auto path = FreshPath("events.jsonl");
  JsonlEventSink sink(path);
  sink.Write(Routed(1));
  sink.Flush();
  const std::string begin = "{\"line\":\"[abc-123] SEND_PENDING -> ROUTED (ROUTER_ACK)\",";
  EXPECT_EQ(Lines(path).at(0).substr(0, begin.size()), begin);
}

TEST(JsonlEventSink, RotatesAndKeepsOnlyTheNewestFiles) {
  const auto path = FreshPath("events.jsonl");
  const auto older = [&](int n) {
    return path.substr(0, path.size() - 6) + "." + std::to_string(n) + ".jsonl";
  };
  JsonlEventSink sink(path, {.max_bytes = 1, .keep = 2});
  for (std::uint64_t n = 1; n <= 5; ++n) {
    sink.Write(Routed(n));
  }
  sink.Flush();
  EXPECT_EQ(Parsed(Lines(path).at(0)).number(), 5u);
  EXPECT_EQ(Parsed(Lines(older(1)).at(0)).number(), 4u);
  EXPECT_EQ(Parsed(Lines(older(2)).at(0)).number(), 3u);
  EXPECT_FALSE(std::filesystem::exists(older(3)));
}

// No file of this process may grow beyond `bytes`: what a full disk is to it.
class FullDisk {
 public:
  explicit FullDisk(std::uintmax_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit full{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &full);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

TEST(JsonlEventSink, WritesOnOnceTheDiskHasRoomAgain) {
  const auto path = FreshPath("events.jsonl");
  JsonlEventSink sink(path);
  const auto write = [&](std::uint64_t n) {
    sink.Write(Routed(n));
    sink.Flush();
  };
  write(1);
  {
    const FullDisk full(std::filesystem::file_size(path) + 10);
    EXPECT_THROW(write(2), std::runtime_error);
    EXPECT_THROW(write(3), std::runtime_error);
  }
  write(4);
  const auto lines = Lines(path);
  EXPECT_EQ(Parsed(lines.front()).number(), 1u);
  EXPECT_EQ(Parsed(lines.back()).number(), 4u);
}

TEST(SqliteEventSink, WritesOnOnceTheDiskHasRoomAgain) {
  const auto path = FreshPath("events.db");
  SqliteEventSink sink(path);
  const auto write = [&](std::uint64_t n) {
    sink.Write(Routed(n, std::string(100'000, 'x')));
    sink.Flush();
  };
  write(1);
  {
    const FullDisk full(std::filesystem::file_size(path + "-wal"));
    EXPECT_THROW(write(2), std::runtime_error);
    EXPECT_THROW(write(3), std::runtime_error);
  }
  write(4);
  const auto events = ReadSqliteEvents(path);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].number(), 4u);
}

TEST(JsonlEventSink, ADirectoryThatDoesNotExistIsOneClearSentence) {
  const std::string path = FreshPath("none") + "/dir/events.jsonl";
  EXPECT_THROW(JsonlEventSink{path}, std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(path).parent_path()));
}

TEST(JsonLine, OneThatWasEditedIsNone) {
  auto line = ToJsonLine(Routed(1));
  ASSERT_TRUE(FromJsonLine(line));
  EXPECT_FALSE(FromJsonLine(line.substr(0, line.size() - 1)));
  line.replace(line.find("ROUTED"), 6, "EXPIRE");
  EXPECT_FALSE(FromJsonLine(line));
}

TEST(SqliteEventSink, EveryOpeningIsARunOfItsOwn) {
  const auto path = FreshPath("events.db");
  for (const std::string id : {"first", "second"}) {
    SqliteEventSink(path).Write(Routed(1, id));
  }
  const auto events = ReadSqliteEvents(path);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].transition().message_id(), "second");
}

TEST(SqliteEventSink, AnswersByColumns) {
  const auto path = FreshPath("events.db");
  SqliteEventSink sink(path);
  sink.Write(Routed(1, "m-1"));
  sink.Write(Routed(2, "m-2"));
  sink.Flush();
  Database db(path, kEventsOptions);
  Statement select(db, "SELECT line FROM events WHERE message_id = 'm-2' AND role = 'SENDER'");
  ASSERT_TRUE(select.Step());
  EXPECT_EQ(select.Text(0), "[m-2] SEND_PENDING -> ROUTED (ROUTER_ACK)");
}

TEST(SqliteEventSink, ASchemaOfLaterTimesIsRefused) {
  const auto path = FreshPath("events.db");
  { SqliteEventSink sink(path); }
  Database(path, kEventsOptions).SetVersion(99);
  EXPECT_THROW(SqliteEventSink{path}, std::runtime_error);
}

TEST(SqliteEventSink, ADatabaseOfAnotherProgramIsLeftAlone) {
  const auto path = FreshPath("other.db");
  const DatabaseOptions of_another{.application_id = 1};
  Database(path, of_another).Execute("CREATE TABLE t (a)");
  EXPECT_THROW(SqliteEventSink{path}, std::runtime_error);
  Database db(path, of_another);
  Statement tables(db, "SELECT name FROM sqlite_master");
  EXPECT_TRUE(tables.Step());
  EXPECT_EQ(tables.Text(0), "t");
  EXPECT_FALSE(tables.Step());
}

TEST(PubEventSink, NobodyThereAndNobodyReadingNeverBlockIt) {
  zmq::context_t context(1);
  PubEventSink sink(context, "tcp://127.0.0.1:*", {}, 1);
  zmq::socket_t deaf(context, ZMQ_SUB);
  deaf.set(zmq::sockopt::rcvhwm, 1);
  deaf.set(zmq::sockopt::subscribe, "");
  deaf.connect(sink.address());
  for (std::uint64_t n = 1; n <= 10'000; ++n) {
    sink.Write(Routed(n));
  }
}

TEST(PubEventSink, AnAddressInUseIsOneClearSentence) {
  zmq::context_t context(1);
  PubEventSink sink(context, "tcp://127.0.0.1:*");
  EXPECT_THROW(PubEventSink(context, sink.address()), std::runtime_error);
}

}  // namespace
}  // namespace cmb::reference
