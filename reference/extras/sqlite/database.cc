#include "reference/extras/sqlite/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <utility>

namespace cmb::reference {
namespace {

// How long a start waits for a process that is about to end.
constexpr int kBusyMs = 2000;
// A WAL that a long transaction made larger shrinks to it.
constexpr int kWalBytes = 16 * 1024 * 1024;

// What a person can do about it.
const char* RemedyFor(int code) {
  switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:  // A table or a column that is not there.
    case SQLITE_MISMATCH:
    case SQLITE_CONSTRAINT:
      return "the file is damaged or was written by something else; restore it from a copy, or "
             "move it away to begin without what it held";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process has it open; stop that one, or give this one a file of its own";
    case SQLITE_CANTOPEN:
      return "make its directory, and let this user write there";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "let this user write the file and its directory";
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return "make room on its disk, and see whether the disk is well";
    default:  // open enum: SQLite has many, and its own words for each.
      return "see the cause";
  }
}

}  // namespace

Database::Database(std::string path, const DatabaseOptions& options) : path_(std::move(path)) {
  try {
    Open(options);
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Database::~Database() { sqlite3_close(handle_); }

void Database::Open(const DatabaseOptions& options) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (std::filesystem::is_directory(path_)) {
    throw SqliteError(fmt::format("{}: is a directory; name a file in it", path_));
  }
  if (const int code = sqlite3_open_v2(path_.c_str(), &handle_, flags, nullptr)) {
    Fail(code, "opening it");
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, kBusyMs);
  Execute(options.synchronous ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
  if (options.exclusive) {
    Execute("PRAGMA locking_mode = EXCLUSIVE");
  }
  const std::int32_t owner = Pragma("application_id");  // Reads the file's header.
  const std::int32_t schema = version();
  const bool fresh = owner == 0 && schema == 0 && Pragma("schema_version") == 0;
  if (!fresh && owner != options.application_id) {
    throw SqliteError(
        fmt::format("{}: this is a SQLite file of another program; give a path of "
                    "its own",
                    path_));
  }
  if (schema > options.newest_version) {
    throw SqliteError(fmt::format(
        "{}: its schema has version {}, and this program knows none above {}; use the program "
        "that wrote it, or move the file away to begin without what it holds",
        path_, schema, options.newest_version));
  }
  Execute("PRAGMA journal_mode = WAL");
  Execute(fmt::format("PRAGMA journal_size_limit = {}", kWalBytes));
  Execute("PRAGMA foreign_keys = ON");
  if (fresh) {
    Execute(fmt::format("PRAGMA application_id = {}", options.application_id));
  }
}

void Database::Execute(const std::string& sql) {
  if (const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr)) {
    Fail(code, sql);
  }
}

std::int32_t Database::Pragma(const std::string& name) {
  Statement query(*this, "PRAGMA " + name);
  return query.Step() ? static_cast<std::int32_t>(query.Int(0)) : 0;
}

std::int32_t Database::version() { return Pragma("user_version"); }

void Database::SetVersion(std::int32_t version) {
  Execute(fmt::format("PRAGMA user_version = {}", version));
}

std::int64_t Database::last_insert_rowid() const { return sqlite3_last_insert_rowid(handle_); }

SqliteError Database::Error(int code, std::string_view what) const {
  const bool is_last =
      handle_ != nullptr && (sqlite3_extended_errcode(handle_) & 0xff) == (code & 0xff);
  const char* cause = is_last ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  return SqliteError(fmt::format("{}: {} ({}); {}", path_, cause, what, RemedyFor(code)));
}

void Database::Fail(int code, std::string_view what) const { throw Error(code, what); }

Transaction::~Transaction() {
  if (db_ != nullptr) {
    sqlite3_exec(db_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::Commit() {
  db_->Execute("COMMIT");
  db_ = nullptr;
}

Statement::Statement(Database& db, std::string_view sql) : db_(db) {
  if (const int code = sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &handle_, nullptr)) {
    db.Fail(code, sql);
  }
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::Bound(int code) {
  if (code != SQLITE_OK) {
    db_.Fail(code, std::string("a parameter of ") + sqlite3_sql(handle_));
  }
  return *this;
}

Statement& Statement::Bind(int parameter, std::int64_t value) {
  return Bound(sqlite3_bind_int64(handle_, parameter, value));
}

Statement& Statement::Bind(int parameter, std::string_view text) {
  return Bound(sqlite3_bind_text64(handle_, parameter, text.data(), text.size(), SQLITE_STATIC,
                                   SQLITE_UTF8));
}

Statement& Statement::BindBlob(int parameter, std::string_view bytes) {
  // A null pointer would bind NULL.
  const char* data = bytes.empty() ? "" : bytes.data();
  return Bound(sqlite3_bind_blob64(handle_, parameter, data, bytes.size(), SQLITE_STATIC));
}

Statement& Statement::BindNull(int parameter) {
  return Bound(sqlite3_bind_null(handle_, parameter));
}

bool Statement::Step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code != SQLITE_DONE) {
    const SqliteError error = db_.Error(code, sqlite3_sql(handle_));
    sqlite3_reset(
        handle_);  // Ready for another try; it repeats the error, so the words come first.
    throw error;
  }
  sqlite3_reset(handle_);
  return false;
}

void Statement::Run() {
  while (Step()) {
  }
}

void Statement::Reset() { sqlite3_reset(handle_); }

// SQLite would make a number of whatever stands there.
void Statement::Expect(int column, bool is_so, const char* what) const {
  if (!is_so) {
    throw db_.Error(SQLITE_MISMATCH,
                    fmt::format("{} is no {} in {}", sqlite3_column_name(handle_, column), what,
                                sqlite3_sql(handle_)));
  }
}

std::int64_t Statement::Int(int column) const {
  Expect(column, sqlite3_column_type(handle_, column) == SQLITE_INTEGER, "number");
  return sqlite3_column_int64(handle_, column);
}

std::string Statement::Text(int column) const {
  const int type = sqlite3_column_type(handle_, column);
  Expect(column, type != SQLITE_INTEGER && type != SQLITE_FLOAT, "text");
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  return data == nullptr ? std::string() : std::string(data, size);
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

}  // namespace cmb::reference
