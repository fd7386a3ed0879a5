#include "reference/extras/store/sqlite_tx_store.h"

#include <fmt/format.h>

#include <utility>

#include "reference/extras/store/store_schema.h"

namespace cmb::reference {

struct SqliteTxStore::Statements {
  explicit Statements(Database& db)
      : insert(db,
               "INSERT INTO entry (id, role, source, message_id, state, reason, record, image) "
               "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
        update(db, "UPDATE entry SET state = ?, reason = ?, record = ?, image = ? WHERE id = ?"),
        put_frames(db, "INSERT OR REPLACE INTO frames (id, bytes) VALUES (?, ?)"),
        erase(db, "DELETE FROM entry WHERE id = ?"),
        erase_frames(db, "DELETE FROM frames WHERE id = ?"),
        read(db,
             "SELECT entry.record, entry.image, frames.bytes FROM entry "
             "LEFT JOIN frames USING (id) WHERE entry.id = ?"),
        put_meta(db, "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"),
        read_meta(db, "SELECT value FROM meta WHERE name = ?") {}

  Statement insert, update, put_frames, erase, erase_frames, read, put_meta, read_meta;
};

SqliteTxStore::SqliteTxStore(const std::string& path, Durability durability)
    : db_(path, {.application_id = kStoreApplicationId,
                 .newest_version = kStoreSchemaVersion,
                 .synchronous = durability == Durability::kMachine}) {
  MigrateStore(db_);
  sql_ = std::make_unique<Statements>(db_);
  Statement keys(db_, "SELECT id, role, source, message_id FROM entry ORDER BY id");
  while (keys.Step()) {
    last_row_ = keys.Int(0);
    if (!ack::v1::Role_IsValid(static_cast<int>(keys.Int(1)))) {
      throw StoreDamaged(*this, fmt::format("row {} is of role {}", last_row_, keys.Int(1)));
    }
    rows_[{static_cast<ack::v1::Role>(keys.Int(1)), keys.Text(2), keys.Text(3)}] = last_row_;
  }
}

SqliteTxStore::~SqliteTxStore() = default;

void SqliteTxStore::BeginIfNeeded() {
  if (!open_) {
    open_.emplace(db_);
  }
}

void SqliteTxStore::Put(TxEntry entry) {
  BeginIfNeeded();
  const auto& record = entry.record;
  const std::string bytes = record.SerializeAsString();
  const auto words = WordsOf(record);
  const auto [found, is_new] = rows_.try_emplace(KeyOf(record), last_row_ + 1);
  const std::int64_t row = found->second;
  if (is_new) {
    ++last_row_;
    sql_->insert.Bind(1, row).Bind(2, record.role()).Bind(3, record.source());
    sql_->insert.Bind(4, record.message_id()).Bind(5, words.state).Bind(6, words.reason);
    sql_->insert.BindBlob(7, bytes).BindBlob(8, entry.image).Run();
  } else {
    sql_->update.Bind(1, words.state).Bind(2, words.reason).BindBlob(3, bytes);
    sql_->update.BindBlob(4, entry.image).Bind(5, row).Run();
  }
  if (entry.frames) {
    sql_->put_frames.Bind(1, row).BindBlob(2, *entry.frames).Run();
  }
}

TxEntry SqliteTxStore::Read(const TxKey& key, std::int64_t row) const {
  Statement& read = sql_->read;
  read.Bind(1, row);
  if (!read.Step()) {
    throw SqliteError(
        fmt::format("{}: row {} is gone; something else wrote the file", db_.path(), row));
  }
  TxEntry entry;
  if (!entry.record.ParseFromString(read.Text(0))) {
    // For people alone, and Protobuf takes no text that is not UTF-8.
    entry.record.Clear();
    entry.record.set_role(key.role);
    entry.record.set_source(key.source);
    entry.record.set_message_id(key.message_id);
  }
  entry.image = read.Text(1);
  if (!read.IsNull(2)) {
    entry.frames = read.Text(2);
  }
  read.Reset();
  return entry;
}

std::optional<TxEntry> SqliteTxStore::Get(const TxKey& key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? std::nullopt : std::optional(Read(key, found->second));
}

void SqliteTxStore::Erase(const TxKey& key) {
  const auto found = rows_.find(key);
  if (found == rows_.end()) {
    return;
  }
  BeginIfNeeded();
  sql_->erase.Bind(1, found->second).Run();
  sql_->erase_frames.Bind(1, found->second).Run();
  rows_.erase(found);
}

std::vector<TxEntry> SqliteTxStore::All() const {
  std::vector<TxEntry> all;
  all.reserve(rows_.size());
  for (const auto& [key, row] : rows_) {
    all.push_back(Read(key, row));
  }
  return all;
}

void SqliteTxStore::SetMeta(const std::string& name, const std::string& value) {
  BeginIfNeeded();
  sql_->put_meta.Bind(1, std::string_view(name)).BindBlob(2, value).Run();
}

std::optional<std::string> SqliteTxStore::Meta(const std::string& name) const {
  Statement& read = sql_->read_meta;
  read.Bind(1, std::string_view(name));
  if (!read.Step()) {
    return std::nullopt;
  }
  const std::string value = read.Text(0);
  read.Reset();
  return value;
}

void SqliteTxStore::Commit() {
  if (open_) {
    open_->Commit();
    open_.reset();
  }
}

void SqliteTxStore::Clear() {
  BeginIfNeeded();
  db_.Execute("DELETE FROM entry; DELETE FROM frames; DELETE FROM meta");
  Commit();
  rows_.clear();
  last_row_ = 0;
}

}  // namespace cmb::reference
