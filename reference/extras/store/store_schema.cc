#include "reference/extras/store/store_schema.h"

#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

// A file is born as version 1 and walks the same way as one that is old.
constexpr const char* kVersion1 = R"(
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  role INTEGER NOT NULL,
  source TEXT NOT NULL,
  message_id TEXT NOT NULL,
  record BLOB NOT NULL,
  image BLOB NOT NULL);
CREATE TABLE frames (
  id INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL);
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL) WITHOUT ROWID;
)";

void ToVersion2(Database& db) {
  db.Execute(
      "ALTER TABLE entry ADD COLUMN state TEXT NOT NULL DEFAULT '';"
      "ALTER TABLE entry ADD COLUMN reason TEXT NOT NULL DEFAULT ''");
  Statement read(db, "SELECT id, record FROM entry");
  Statement write(db, "UPDATE entry SET state = ?, reason = ? WHERE id = ?");
  while (read.Step()) {
    ack::v1::TransactionRecord record;
    record.ParseFromString(read.Text(1));
    const auto words = WordsOf(record);
    write.Bind(1, words.state).Bind(2, words.reason).Bind(3, read.Int(0)).Run();
  }
}

}  // namespace

void MigrateStore(Database& db) {
  const auto version = db.version();
  if (version == kStoreSchemaVersion) {
    return;
  }
  Transaction all(db);
  if (version < 1) {
    db.Execute(kVersion1);
  }
  if (version < 2) {
    ToVersion2(db);
  }
  db.SetVersion(kStoreSchemaVersion);
  all.Commit();
}

RecordWords WordsOf(const ack::v1::TransactionRecord& record) {
  return {wire::Word(record.state()), wire::Word(record.reason())};
}

}  // namespace cmb::reference
