// One suite for every TxStore, and what only the file can do.
#include "reference/store/tx_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "reference/store/jsonl_tx_store.h"
#include "reference/store/memory_tx_store.h"

namespace cmb::reference {
namespace {

using ack::v1::TransactionRecord;

TransactionRecord Record(const std::string& source, const std::string& id,
                         ack::v1::State state = ack::v1::STATE_ROUTED) {
  TransactionRecord record;
  record.set_role(ack::v1::ROLE_SENDER);
  record.set_source(source);
  record.set_message_id(id);
  record.set_state(state);
  return record;
}

std::string FreshPath(const std::string& name) {
  const auto path = std::filesystem::path(testing::TempDir()) /
                    (name + std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "-" +
                     std::to_string(getpid()) + ".jsonl");
  std::filesystem::remove(path);
  return path;
}

struct Maker {
  const char* name;
  std::unique_ptr<TxStore> (*make)();
};

const Maker kMakers[] = {
    {"Memory", []() -> std::unique_ptr<TxStore> { return std::make_unique<MemoryTxStore>(); }},
    {"Jsonl",
     []() -> std::unique_ptr<TxStore> {
       return std::make_unique<JsonlTxStore>(FreshPath("shared"));
     }},
};

class AnyTxStore : public testing::TestWithParam<Maker> {
 protected:
  std::unique_ptr<TxStore> store_ = GetParam().make();
};

INSTANTIATE_TEST_SUITE_P(, AnyTxStore, testing::ValuesIn(kMakers),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(AnyTxStore, KnowsNothingOfWhatWasNeverPut) {
  store_->Put(Record("a", "m1"));
  EXPECT_FALSE(store_->Get({ack::v1::ROLE_SENDER, "b", "m1"}));
  EXPECT_FALSE(store_->Get({ack::v1::ROLE_TARGET, "a", "m1"}));
}

TEST_P(AnyTxStore, ReturnsTheRecordWithAllItsFields) {
  auto record = Record("a", "m1");
  record.mutable_views()->set_fleet("awaiting");
  record.set_created_ms(18446744073709551615ULL);
  record.set_note("quote \" newline \n umlaut ü");
  store_->Put(record);
  EXPECT_EQ(store_->Get(KeyOf(record))->SerializeAsString(), record.SerializeAsString());
}

TEST_P(AnyTxStore, LastPutOfAKeyWins) {
  store_->Put(Record("a", "m1", ack::v1::STATE_ROUTED));
  store_->Put(Record("a", "m1", ack::v1::STATE_DELIVERED));
  EXPECT_EQ(store_->Get(KeyOf(Record("a", "m1")))->state(), ack::v1::STATE_DELIVERED);
  EXPECT_EQ(store_->All().size(), 1u);
}

TEST_P(AnyTxStore, ErasedIsGoneAndErasingTwiceIsHarmless) {
  store_->Put(Record("a", "m1"));
  store_->Erase(KeyOf(Record("a", "m1")));
  store_->Erase(KeyOf(Record("a", "m1")));
  EXPECT_FALSE(store_->Get(KeyOf(Record("a", "m1"))));
  EXPECT_TRUE(store_->All().empty());
}

TEST_P(AnyTxStore, ListsInTheOrderOfTheKeys) {
  store_->Put(Record("b", "m1"));
  store_->Put(Record("a", "m2"));
  store_->Put(Record("a", "m1"));
  std::vector<std::string> order;
  for (const auto& record : store_->All()) {
    order.push_back(record.source() + record.message_id());
  }
  EXPECT_EQ(order, (std::vector<std::string>{"am1", "am2", "bm1"}));
}

TEST(JsonlTxStore, ReopensWithWhatWasPutAndErased) {
  const auto path = FreshPath("reopen");
  {
    JsonlTxStore store(path);
    store.Put(Record("a", "m1"));
    store.Put(Record("a", "m2"));
    store.Erase(KeyOf(Record("a", "m1")));
    store.Flush();
  }
  JsonlTxStore again(path);
  ASSERT_EQ(again.All().size(), 1u);
  EXPECT_EQ(again.All()[0].message_id(), "m2");
}

TEST(JsonlTxStore, DropsATornLastLineAndWritesOnAfterIt) {
  const auto path = FreshPath("torn");
  {
    JsonlTxStore store(path);
    store.Put(Record("a", "m1"));
  }
  std::ofstream(path, std::ios::app) << R"({"message_id":"m2","sou)";
  {
    JsonlTxStore store(path);
    EXPECT_EQ(store.All().size(), 1u);
    store.Put(Record("a", "m3"));
  }
  EXPECT_EQ(JsonlTxStore(path).All().size(), 2u);
}

TEST(JsonlTxStore, DamageInTheMiddleNamesFileAndLine) {
  const auto path = FreshPath("damage");
  std::ofstream(path) << "{}\nnot json\n{}\n";
  try {
    JsonlTxStore store(path);
    FAIL() << "opened a damaged file";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), path + ":2: this line is no record");
  }
}

TEST(JsonlTxStore, ADirectoryThatDoesNotExistIsOneClearSentence) {
  EXPECT_THROW(JsonlTxStore("/nonexistent/dir/store.jsonl"), std::runtime_error);
}

}  // namespace
}  // namespace cmb::reference
