// One suite for every TxStore. What only a file can do is in
// sqlite_tx_store_test.cc.
#include "reference/store/tx_store.h"

#include <gtest/gtest.h>

#include <memory>

#include "reference/extras/store/sqlite_tx_store.h"
#include "reference/extras/store/store_test_files.h"
#include "reference/store/memory_tx_store.h"

namespace cmb::reference {
namespace {

struct InMemory {
  MemoryTxStore store;
};

struct InSqlite {
  FreshDirectory directory;
  SqliteTxStore store{directory.File("store.db"), Durability::kProcess};
};

template <class Kind>
class AnyTxStore : public testing::Test {
 protected:
  TxStore& store() { return kind_.store; }
  Kind kind_;
};

using Kinds = testing::Types<InMemory, InSqlite>;
TYPED_TEST_SUITE(AnyTxStore, Kinds);

TYPED_TEST(AnyTxStore, KnowsNothingOfWhatWasNeverPut) {
  this->store().Put(EntryOf("a", "m1"));
  EXPECT_FALSE(this->store().Get({ack::v1::ROLE_SENDER, "b", "m1"}));
  EXPECT_FALSE(this->store().Get({ack::v1::ROLE_TARGET, "a", "m1"}));
}

TYPED_TEST(AnyTxStore, ReturnsTheEntryByteForByte) {
  auto entry = EntryOf("a", "m1");
  entry.record.mutable_views()->set_fleet("awaiting");
  entry.record.set_created_ms(18446744073709551615ULL);
  entry.record.set_note("quote ' \" newline \n umlaut ü");
  entry.image = std::string("\0image\xff", 7);
  entry.frames = std::string("\0frames\xfe", 8);
  this->store().Put(entry);
  this->store().Commit();
  const auto got = this->store().Get(KeyOf(entry.record));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->record.SerializeAsString(), entry.record.SerializeAsString());
  EXPECT_EQ(got->image, entry.image);
  EXPECT_EQ(got->frames, entry.frames);
}

TYPED_TEST(AnyTxStore, LastPutOfAKeyWins) {
  this->store().Put(EntryOf("a", "m1", ack::v1::STATE_ROUTED));
  this->store().Put(EntryOf("a", "m1", ack::v1::STATE_DELIVERED));
  EXPECT_EQ(this->store().Get(KeyOf(EntryOf("a", "m1").record))->record.state(),
            ack::v1::STATE_DELIVERED);
  EXPECT_EQ(this->store().All().size(), 1u);
}

TYPED_TEST(AnyTxStore, FramesStayWhereAPutBringsNone) {
  auto entry = EntryOf("a", "m1");
  entry.frames = "first";
  this->store().Put(entry);
  entry.frames.reset();
  this->store().Put(entry);
  EXPECT_EQ(this->store().Get(KeyOf(entry.record))->frames, "first");
  entry.frames = "second";
  this->store().Put(entry);
  EXPECT_EQ(this->store().Get(KeyOf(entry.record))->frames, "second");
}

TYPED_TEST(AnyTxStore, AnEntryWithoutFramesHasNone) {
  this->store().Put(EntryOf("a", "m1"));
  EXPECT_FALSE(this->store().Get(KeyOf(EntryOf("a", "m1").record))->frames);
}

TYPED_TEST(AnyTxStore, ErasedIsGoneAndErasingTwiceIsHarmless) {
  auto entry = EntryOf("a", "m1");
  entry.frames = "frames";
  this->store().Put(entry);
  this->store().Erase(KeyOf(entry.record));
  this->store().Erase(KeyOf(entry.record));
  EXPECT_FALSE(this->store().Get(KeyOf(entry.record)));
  EXPECT_TRUE(this->store().All().empty());
  this->store().Put(EntryOf("a", "m1"));
  EXPECT_FALSE(this->store().Get(KeyOf(entry.record))->frames);
}

TYPED_TEST(AnyTxStore, ListsInTheOrderOfTheKeys) {
  this->store().Put(EntryOf("b", "m1"));
  this->store().Put(EntryOf("a", "m2"));
  this->store().Put(EntryOf("a", "m1"));
  std::vector<std::string> order;
  for (const auto& entry : this->store().All()) {
    order.push_back(entry.record.source() + entry.record.message_id());
  }
  EXPECT_EQ(order, (std::vector<std::string>{"am1", "am2", "bm1"}));
}

TYPED_TEST(AnyTxStore, RemembersFactsByName) {
  EXPECT_FALSE(this->store().Meta("last_id"));
  this->store().SetMeta("last_id", "1");
  this->store().SetMeta("last_id", "2");
  this->store().Commit();
  EXPECT_EQ(this->store().Meta("last_id"), "2");
}

TYPED_TEST(AnyTxStore, ClearForgetsEverything) {
  this->store().Put(EntryOf("a", "m1"));
  this->store().SetMeta("last_id", "7");
  this->store().Commit();
  this->store().Clear();
  EXPECT_TRUE(this->store().All().empty());
  EXPECT_FALSE(this->store().Meta("last_id"));
  this->store().Put(EntryOf("a", "m1"));
  EXPECT_EQ(this->store().All().size(), 1u);
}

}  // namespace
}  // namespace cmb::reference
