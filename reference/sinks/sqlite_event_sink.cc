#include "reference/sinks/sqlite_event_sink.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <optional>
#include <stdexcept>

#include "proto/wire/words.h"
#include "reference/sinks/event_facts.h"
#include "reference/sinks/event_line.h"

namespace cmb::reference {
namespace {

// "CMBE": what `file` shows, and what tells our database from another one.
constexpr int kApplicationId = 0x434D4245;

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
constexpr int kVersion = std::size(kMigrations);

// Waits this long for another process that reads or writes.
constexpr int kBusyMs = 2000;

std::runtime_error Refusal(const std::string& path, const std::string& cause) {
  return std::runtime_error(fmt::format("cannot use the event database {}: {}", path, cause));
}

void Migrate(SQLite::Database& db, const std::string& path) {
  const int version = db.execAndGet("PRAGMA user_version").getInt();
  if (version > kVersion) {
    throw Refusal(path, fmt::format("its schema has version {}, this program knows {}; "
                                    "use a newer program or another file",
                                    version, kVersion));
  }
  const int application = db.execAndGet("PRAGMA application_id").getInt();
  if (application != kApplicationId &&
      db.execAndGet("SELECT count(*) FROM sqlite_master").getInt() > 0) {
    throw Refusal(path, "it is a database of another program");
  }
  if (version == kVersion) {
    return;
  }
  SQLite::Transaction transaction(db);
  for (int step = version; step < kVersion; ++step) {
    db.exec(kMigrations[step]);
  }
  db.exec(fmt::format("PRAGMA user_version = {}", kVersion));
  db.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
  transaction.commit();
}

}  // namespace

struct SqliteEventSink::Database {
  explicit Database(const std::string& name)
      : path(name), db(name, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyMs) {
    db.exec("PRAGMA journal_mode = WAL");
    // Events are for people and watchers; what must survive is in the store.
    db.exec("PRAGMA synchronous = NORMAL");
    Migrate(db, path);
    db.exec("INSERT INTO runs DEFAULT VALUES");
    run = db.getLastInsertRowid();
    insert.emplace(db, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  }

  std::string path;
  SQLite::Database db;
  std::int64_t run = 0;
  std::optional<SQLite::Statement> insert;
  std::optional<SQLite::Transaction> open;
};

SqliteEventSink::SqliteEventSink(const std::string& path) {
  try {
    database_ = std::make_unique<Database>(path);
  } catch (const SQLite::Exception& error) {
    throw Refusal(path, error.what());
  }
}

SqliteEventSink::~SqliteEventSink() {
  try {
    Flush();
  } catch (const std::exception&) {
    // There is nobody left to tell; Flush before the end is for those who care.
  }
}

void SqliteEventSink::Write(const ack::v1::Event& event) {
  const EventFacts facts = FactsOf(event);
  const std::string bytes = event.SerializeAsString();
  try {
    if (!database_->open) {
      database_->open.emplace(database_->db);
    }
    SQLite::Statement& insert = *database_->insert;
    insert.reset();
    insert.bind(1, database_->run);
    insert.bind(2, static_cast<std::int64_t>(event.number()));
    insert.bind(3, facts.kind);
    insert.bind(4, wire::Word(facts.role));
    insert.bind(5, facts.source);
    insert.bind(6, facts.message_id);
    insert.bind(7, static_cast<std::int64_t>(facts.monotonic_ms));
    insert.bind(8, EventLine(event));
    insert.bind(9, bytes.data(), static_cast<int>(bytes.size()));
    insert.exec();
  } catch (const SQLite::Exception& error) {
    throw Refusal(database_->path, error.what());
  }
}

void SqliteEventSink::Flush() {
  if (!database_->open) {
    return;
  }
  try {
    database_->open->commit();
    database_->open.reset();
  } catch (const SQLite::Exception& error) {
    throw Refusal(database_->path, error.what());
  }
}

std::vector<ack::v1::Event> ReadSqliteEvents(const std::string& path) {
  try {
    SQLite::Database db(path, SQLite::OPEN_READONLY, kBusyMs);
    SQLite::Statement rows(db,
                           "SELECT event FROM events WHERE run = (SELECT max(run) FROM runs) "
                           "ORDER BY number");
    std::vector<ack::v1::Event> events;
    while (rows.executeStep()) {
      const auto column = rows.getColumn(0);
      if (!events.emplace_back().ParseFromArray(column.getBlob(), column.getBytes())) {
        throw Refusal(path, fmt::format("row {} holds no event", events.size()));
      }
    }
    return events;
  } catch (const SQLite::Exception& error) {
    throw Refusal(path, error.what());
  }
}

}  // namespace cmb::reference
