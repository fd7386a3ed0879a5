// SQLite with owned handles and errors that help: the little of it that the
// store and the event sink need.
//
//   Database db("router.db", {.application_id = 1, .newest_version = 2});
//   Statement insert(db, "INSERT INTO t VALUES (?, ?)");
//   insert.Bind(1, 7).Bind(2, "text").Run();
//   Statement select(db, "SELECT a FROM t");
//   while (select.Step()) { use(select.Int(0)); }
//
// Every failure throws SqliteError, whose sentence names the file, the cause
// and what to do. Threads: one owner. Spec: none, this is plumbing.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace cmb::reference {

class SqliteError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct DatabaseOptions {
  // Says whose file it is; a file with another one is refused. Not 0.
  std::int32_t application_id = 0;
  // A file of a higher user_version is refused.
  std::int32_t newest_version = 1;
  // True: what was committed survives the end of the machine's power, at the
  // price of an fsync a commit. False: it survives the end of the process.
  bool synchronous = true;
  // True: no second process may open the file while this one has it open.
  bool exclusive = true;
};

class Database {
 public:
  // Opens or creates the file, in WAL mode. A new file has user_version 0.
  Database(std::string path, const DatabaseOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // One or more statements without parameters or results.
  void Execute(const std::string& sql);

  // user_version: 0 in a file that has just been created.
  std::int32_t version();
  // Part of the transaction that is open.
  void SetVersion(std::int32_t version);

  std::int64_t last_insert_rowid() const;
  const std::string& path() const { return path_; }
  sqlite3* handle() { return handle_; }

  // The sentence for SQLite's `code` while `what` was tried.
  SqliteError Error(int code, std::string_view what) const;
  [[noreturn]] void Fail(int code, std::string_view what) const;

 private:
  void Open(const DatabaseOptions& options);
  std::int32_t Pragma(const std::string& name);

  std::string path_;
  sqlite3* handle_ = nullptr;
};

// Rolls back unless it was committed.
class Transaction {
 public:
  explicit Transaction(Database& db) : db_(&db) { db.Execute("BEGIN IMMEDIATE"); }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void Commit();

 private:
  Database* db_;  // Null: over.
};

class Statement {
 public:
  // The database outlives the statement.
  Statement(Database& db, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Parameters count from 1. What a view shows must live until Run or Reset.
  Statement& Bind(int parameter, std::int64_t value);
  Statement& Bind(int parameter, std::string_view text);
  Statement& BindBlob(int parameter, std::string_view bytes);
  Statement& BindNull(int parameter);

  // True: a row is there. False: there is no other; the statement is reset.
  bool Step();
  // Runs a statement without results.
  void Run();
  // Ready to be run again; keeps the parameters.
  void Reset();

  // Columns count from 0. A value of another type is an error.
  std::int64_t Int(int column) const;
  std::string Text(int column) const;  // A blob as well.
  bool IsNull(int column) const;

 private:
  Statement& Bound(int code);
  void Expect(int column, bool is_so, const char* what) const;

  Database& db_;
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace cmb::reference
