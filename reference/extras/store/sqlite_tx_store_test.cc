// What a store in a file can do beside what every store can: last, grow old,
// and refuse what it does not know.
#include "reference/extras/store/sqlite_tx_store.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "reference/extras/store/store_schema.h"
#include "reference/extras/store/store_test_files.h"

namespace cmb::reference {
namespace {

class SqliteStoreFile : public testing::Test {
 protected:
  std::string ErrorOfOpening() {
    try {
      SqliteTxStore store(path_, Durability::kProcess);
    } catch (const SqliteError& error) {
      return error.what();
    }
    return "it opened";
  }

  // The sentence names the file and says each of these.
  void ExpectErrorSays(const std::vector<std::string>& parts) {
    const std::string error = ErrorOfOpening();
    EXPECT_NE(error.find(path_), std::string::npos) << error;
    for (const auto& part : parts) {
      EXPECT_NE(error.find(part), std::string::npos) << error;
    }
  }

  FreshDirectory directory_;
  std::string path_ = directory_.File("store.db");
};

TEST_F(SqliteStoreFile, KeepsWhatWasCommitted) {
  {
    SqliteTxStore store(path_);
    auto entry = EntryOf("a", "m1");
    entry.image = "image";
    entry.frames = "frames";
    store.Put(entry);
    store.Put(EntryOf("a", "m2"));
    store.Commit();
    store.Erase(KeyOf(EntryOf("a", "m2").record));
    store.SetMeta("last_id", "2");
    store.Commit();
  }
  SqliteTxStore again(path_);
  ASSERT_EQ(again.All().size(), 1u);
  EXPECT_EQ(again.All()[0].image, "image");
  EXPECT_EQ(again.All()[0].frames, "frames");
  EXPECT_EQ(again.Meta("last_id"), "2");
}

TEST_F(SqliteStoreFile, ForgetsWhatWasNotCommitted) {
  {
    SqliteTxStore store(path_);
    store.Put(EntryOf("a", "m1"));
    store.Commit();
    store.Put(EntryOf("a", "m2"));
    store.Erase(KeyOf(EntryOf("a", "m1").record));
  }
  SqliteTxStore again(path_);
  ASSERT_EQ(again.All().size(), 1u);
  EXPECT_EQ(again.All()[0].record.message_id(), "m1");
}

TEST_F(SqliteStoreFile, NewEntriesAfterReopeningDoNotReplaceOldOnes) {
  for (const char* id : {"m1", "m2", "m3"}) {
    SqliteTxStore store(path_, Durability::kProcess);
    store.Put(EntryOf("a", id));
    store.Commit();
  }
  EXPECT_EQ(SqliteTxStore(path_).All().size(), 3u);
}

TEST_F(SqliteStoreFile, ASecondProcessIsRefusedWhileItIsOpen) {
  SqliteTxStore store(path_);
  ExpectErrorSays({"another process"});
}

TEST_F(SqliteStoreFile, ADamagedFileIsNamedWithARemedy) {
  std::ofstream(path_) << std::string(8192, 'x');
  ExpectErrorSays({"not a database", "move it away"});
}

// A note that is not UTF-8 is enough for that.
TEST_F(SqliteStoreFile, ARecordThatCannotBeReadKeepsItsKeyAndItsImage) {
  {
    SqliteTxStore store(path_);
    auto entry = EntryOf("a", "m1");
    entry.image = "image";
    store.Put(entry);
    store.Commit();
  }
  Database(path_, {.application_id = kStoreApplicationId, .newest_version = 99})
      .Execute("UPDATE entry SET record = x'ff'");
  const auto all = SqliteTxStore(path_).All();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(KeyOf(all[0].record), KeyOf(EntryOf("a", "m1").record));
  EXPECT_EQ(all[0].image, "image");
}

TEST_F(SqliteStoreFile, ANewerFileIsRefusedAndLeftAlone) {
  {
    SqliteTxStore store(path_);
    store.Put(EntryOf("a", "m1"));
    store.Commit();
  }
  const DatabaseOptions options{.application_id = kStoreApplicationId, .newest_version = 99};
  Database(path_, options).SetVersion(99);
  ExpectErrorSays({"version 99"});
  EXPECT_EQ(Database(path_, options).version(), 99);
}

TEST_F(SqliteStoreFile, AnotherProgramsFileIsRefused) {
  Database(path_, {.application_id = 7}).Execute("CREATE TABLE t (a)");
  ExpectErrorSays({"another program"});
}

TEST_F(SqliteStoreFile, ADirectoryThatDoesNotExistIsOneClearSentence) {
  path_ = "/nonexistent/dir/store.db";
  ExpectErrorSays({"make its directory"});
}

// A file as version 1 wrote it; its tables must stay as they are here.
TEST_F(SqliteStoreFile, AFileOfVersion1IsBroughtUpToDate) {
  const auto entry = EntryOf("a", "m1", ack::v1::STATE_DELIVERED);
  {
    Database old(path_, {.application_id = kStoreApplicationId});
    old.Execute(
        "CREATE TABLE entry (id INTEGER PRIMARY KEY, role INTEGER NOT NULL, source TEXT NOT NULL,"
        " message_id TEXT NOT NULL, record BLOB NOT NULL, image BLOB NOT NULL);"
        "CREATE TABLE frames (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
        "INSERT INTO frames VALUES (4, 'frames');"
        "INSERT INTO meta VALUES ('last_id', '9')");
    Statement insert(old, "INSERT INTO entry VALUES (4, 1, 'a', 'm1', ?, 'image')");
    insert.BindBlob(1, entry.record.SerializeAsString()).Run();
    old.SetVersion(1);
  }
  {
    SqliteTxStore store(path_);
    ASSERT_EQ(store.All().size(), 1u);
    EXPECT_EQ(store.All()[0].record.state(), ack::v1::STATE_DELIVERED);
    EXPECT_EQ(store.All()[0].image, "image");
    EXPECT_EQ(store.All()[0].frames, "frames");
    EXPECT_EQ(store.Meta("last_id"), "9");
  }
  Database now(path_, {.application_id = kStoreApplicationId, .newest_version = 99});
  EXPECT_EQ(now.version(), kStoreSchemaVersion);
  Statement words(now, "SELECT state FROM entry");
  ASSERT_TRUE(words.Step());
  EXPECT_EQ(words.Text(0), "DELIVERED");
}

TEST_F(SqliteStoreFile, DoesNotGrowWithWhatCameAndWent) {
  SqliteTxStore store(path_, Durability::kProcess);
  const auto size_after = [&](int messages) {
    for (int i = 0; i < messages; ++i) {
      auto entry = EntryOf("a", "m" + std::to_string(i));
      entry.frames = std::string(1000, 'x');
      store.Put(entry);
      store.Commit();
      store.Erase(KeyOf(entry.record));
      store.Commit();
    }
    return std::filesystem::file_size(path_) + std::filesystem::file_size(path_ + "-wal");
  };
  const auto once = size_after(2000);
  EXPECT_LE(size_after(4000), once + once / 10);
}

}  // namespace
}  // namespace cmb::reference
