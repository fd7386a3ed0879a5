#include "reference/extras/events/sqlite_event_sink.h"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>

#include "proto/wire/words.h"
#include "reference/extras/sqlite/database.h"
#include "reference/sinks/event_facts.h"
#include "reference/sinks/event_line.h"

namespace cmb::reference {
namespace {

// "CMBE": what `file` shows, and what tells our database from another one.
constexpr std::int32_t kApplicationId = 0x434D4245;

// Step n brings a schema of version n to version n + 1.
constexpr const char* kMigrations[] = {
    R"sql(
      CREATE TABLE runs (
        run INTEGER PRIMARY KEY,
        opened TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
      );
      CREATE TABLE events (
        run INTEGER NOT NULL REFERENCES runs (run),
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        role TEXT NOT NULL,
        source TEXT NOT NULL,
        message_id TEXT NOT NULL,
        monotonic_ms INTEGER NOT NULL,
        line TEXT NOT NULL,
        event BLOB NOT NULL,
        PRIMARY KEY (run, number)
      ) WITHOUT ROWID;
      CREATE INDEX events_by_message ON events (message_id, source);
    )sql",
};
constexpr std::int32_t kVersion = std::size(kMigrations);

// Events are for people and watchers, who read while we write; what must
// survive the end of the power is in the store.
DatabaseOptions Options() {
  return {.application_id = kApplicationId,
          .newest_version = kVersion,
          .synchronous = false,
          .exclusive = false};
}

void Migrate(Database& db) {
  if (db.version() == kVersion) {
    return;
  }
  Transaction transaction(db);
  for (auto step = static_cast<std::size_t>(db.version()); step < kVersion; ++step) {
    db.Execute(kMigrations[step]);
  }
  db.SetVersion(kVersion);
  transaction.Commit();
}

}  // namespace

struct SqliteEventSink::Tables {
  explicit Tables(const std::string& path) : db(path, Options()) {
    Migrate(db);
    db.Execute("INSERT INTO runs DEFAULT VALUES");
    run = db.last_insert_rowid();
    insert.emplace(db, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  }

  Database db;
  std::int64_t run = 0;
  std::optional<Statement> insert;
  std::optional<Transaction> open;
};

SqliteEventSink::SqliteEventSink(const std::string& path)
    : tables_(std::make_unique<Tables>(path)) {}

SqliteEventSink::~SqliteEventSink() {
  try {
    Flush();
  } catch (const std::exception&) {
    // There is nobody left to tell; Flush before the end is for those who care.
  }
}

// What was not committed when it refused is lost.
template <class Act>
void SqliteEventSink::With(Act act) {
  try {
    act();
  } catch (...) {
    tables_->open.reset();
    throw;
  }
}

void SqliteEventSink::Write(const ack::v1::Event& event) {
  With([&] { Insert(event); });
}

void SqliteEventSink::Insert(const ack::v1::Event& event) {
  if (!tables_->open) {
    tables_->open.emplace(tables_->db);
  }
  const EventFacts facts = FactsOf(event);
  const std::string role = wire::Word(facts.role);
  const std::string line = EventLine(event);
  const std::string bytes = event.SerializeAsString();
  tables_->insert->Bind(1, tables_->run)
      .Bind(2, static_cast<std::int64_t>(event.number()))
      .Bind(3, facts.kind)
      .Bind(4, role)
      .Bind(5, facts.source)
      .Bind(6, facts.message_id)
      .Bind(7, static_cast<std::int64_t>(facts.monotonic_ms))
      .Bind(8, line)
      .BindBlob(9, bytes)
      .Run();
}

void SqliteEventSink::Flush() {
  if (tables_->open) {
    With([this] { tables_->open->Commit(); });
    tables_->open.reset();
  }
}

std::vector<ack::v1::Event> ReadSqliteEvents(const std::string& path) {
  Database db(path, Options());
  Statement rows(db,
                 "SELECT event FROM events WHERE run = (SELECT max(run) FROM runs) "
                 "ORDER BY number");
  std::vector<ack::v1::Event> events;
  while (rows.Step()) {
    if (!events.emplace_back().ParseFromString(rows.Text(0))) {
      throw std::runtime_error(fmt::format("{}: row {} holds no event", path, events.size()));
    }
  }
  return events;
}

}  // namespace cmb::reference
