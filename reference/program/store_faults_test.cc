// Every way in which a store's file can be wrong, as the user of cmb-router meets it: exit code 2
// and one sentence with the file, the cause and the remedy.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "reference/extras/store/sqlite_tx_store.h"
#include "reference/extras/store/store_schema.h"
#include "reference/program/program_process_test_driver.h"
#include "reference/router/router_shell.h"
#include "reference/shell/clock_memory.h"
#include "reference/store/images.pb.h"
#include "reference/testing/fresh_directory.h"

namespace cmb::reference {
namespace {

namespace fs = std::filesystem;

constexpr std::int32_t kSchemaOfLaterTimes = 99;
constexpr const char* kBeginAnew = "restore it from a copy, or move it away";

Database Open(const std::string& path) {
  return Database(path,
                  {.application_id = kStoreApplicationId, .newest_version = kSchemaOfLaterTimes});
}

// A store of this program with one entry.
void Make(const std::string& path, ack::v1::Role role = ack::v1::ROLE_ROUTER,
          const std::string& image = "") {
  SqliteTxStore store(path, Durability::kProcess);
  TxEntry entry;
  entry.record.set_role(role);
  entry.record.set_source("sender");
  entry.record.set_message_id("m1");
  entry.image = image;
  entry.frames = std::string(100'000, '\xff');
  store.Put(entry);
  store.Commit();
}

std::function<void(const std::string&)> Changed(const std::string& sql) {
  return [sql](const std::string& path) {
    Make(path);
    Open(path).Execute(sql);
  };
}

std::function<void(const std::string&)> WithFact(const char* name, const std::string& value) {
  return [=](const std::string& path) {
    SqliteTxStore store(path, Durability::kProcess);
    store.SetMeta(name, value);
    store.Commit();
  };
}

struct Fault {
  const char* name;
  std::function<void(const std::string& path)> make;
  const char* cause;
  const char* remedy;
};

// long because: it is one table.
const Fault kFaults[] = {
    {"Garbage", [](const auto& path) { std::ofstream(path) << std::string(8192, 'x'); },
     "not a database", "restore it from a copy, or move it away"},
    {"Truncated",
     [](const auto& path) {
       Make(path);
       fs::resize_file(path, fs::file_size(path) / 2);
     },
     "malformed", kBeginAnew},
    {"OfAnotherProgram",
     [](const auto& path) { Database(path, {.application_id = 7}).Execute("CREATE TABLE t (a)"); },
     "of another program", "give a path of its own"},
    {"OfALaterSchema",
     [](const auto& path) {
       Make(path);
       Open(path).SetVersion(kSchemaOfLaterTimes);
     },
     "version 99", "use the program that wrote it, or move the file away"},
    {"WithoutATable", Changed("DROP TABLE frames"), "no such table: frames", kBeginAnew},
    {"WithoutAColumn", Changed("ALTER TABLE entry DROP COLUMN image"), "no column named image",
     kBeginAnew},
    {"OfARoleThatThereIsNot", Changed("UPDATE entry SET role = 77"), "row 1 is of role 77",
     kBeginAnew},
    {"WithAWordForANumber", Changed("UPDATE entry SET role = 'router'"), "role is no number",
     kBeginAnew},
    {"WithANumberForText", Changed("UPDATE entry SET image = 7"), "image is no text", kBeginAnew},
    {"OfAModule", [](const auto& path) { Make(path, ack::v1::ROLE_SENDER); }, "store of a module",
     kBeginAnew},
    {"WithAnImageThatIsNone", [](const auto& path) { Make(path, ack::v1::ROLE_ROUTER, "\xff"); },
     "message m1 of sender: its image cannot be read", kBeginAnew},
    {"WithFramesThatAreNone", [](const auto& path) { Make(path); }, "its frames cannot be read",
     kBeginAnew},
    {"WithoutTheFramesOfALetter",
     [](const auto& path) {
       store::RouterImage image;
       image.set_dead_letter(true);
       Make(path, ack::v1::ROLE_ROUTER, image.SerializeAsString());
       Open(path).Execute("DELETE FROM frames");
     },
     "its frames are missing", kBeginAnew},
    {"WithACounterThatIsNone", WithFact(kRedriveCounter, "many"), "last_redrive is no number",
     kBeginAnew},
    {"WithAClockThatIsNone",
     [](const auto& path) {
       WithFact(kBoot, TimeOfMachine().boot)(path);
       WithFact(kMachineAtZero, "noon")(path);
     },
     "machine_ms_at_instant_0 is no number", kBeginAnew},
    {"WithoutItsDirectory", [](const auto& path) { fs::remove_all(fs::path(path).parent_path()); },
     "unable to open", "make its directory"},
    {"ADirectory", [](const auto& path) { fs::create_directory(path); }, "is a directory",
     "name a file in it"},
};

class StoreWithAFault : public testing::TestWithParam<Fault> {};

std::vector<std::string> With(const std::string& path) {
  return {"--channel", "main=0", "--ack-ingress", "0", "--ack-egress", "0", "--store", path};
}

void ExpectRefused(const std::string& path, const char* cause, const char* remedy) {
  ProgramProcess router("cmb-router", With(path));
  EXPECT_EQ(router.ExitCode(), 2);
  const std::string& said = router.output();
  EXPECT_TRUE(said.starts_with("cmb-router: " + path + ": ")) << said;
  EXPECT_NE(said.find(cause), std::string::npos) << said;
  EXPECT_NE(said.find(remedy), std::string::npos) << said;
  EXPECT_EQ(said.find('\n'), said.size() - 1) << said;
}

TEST_P(StoreWithAFault, IsOneSentenceAndExitCode2) {
  const FreshDirectory directory;
  const std::string path = directory.File("store.db");
  GetParam().make(path);
  ExpectRefused(path, GetParam().cause, GetParam().remedy);
}

INSTANTIATE_TEST_SUITE_P(, StoreWithAFault, testing::ValuesIn(kFaults),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(StoreOfAnother, ThatHasItOpenIsNamed) {
  const FreshDirectory directory;
  const std::string path = directory.File("store.db");
  const SqliteTxStore holder(path, Durability::kProcess);
  ExpectRefused(path, "locked", "another process has it open; stop that one");
}

TEST(StoreOnAFullDisk, IsNamed) {
  const FreshDirectory directory;
  signal(SIGXFSZ, SIG_IGN);  // The child inherits both.
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit full{10, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &full);
  ExpectRefused(directory.File("store.db"), "", "make room on its disk");
  setrlimit(RLIMIT_FSIZE, &before);
}

// A child inherits it. Whatever is thrown, the tests after this one are root's again.
class AsNobody {
 public:
  AsNobody() { EXPECT_EQ(seteuid(kNobody), 0); }
  ~AsNobody() { EXPECT_EQ(seteuid(0), 0); }

 private:
  static constexpr uid_t kNobody = 65534;
};

TEST(StoreOfAnotherUser, IsNamed) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root can be somebody else";
  }
  const FreshDirectory directory;
  const std::string path = directory.File("store.db");
  Make(path);
  fs::permissions(directory.path(), fs::perms(0755));
  fs::permissions(path, fs::perms(0444));
  const AsNobody nobody;
  if (faccessat(AT_FDCWD, CMB_BIN_DIR "/cmb-router", X_OK, AT_EACCESS) != 0) {
    GTEST_SKIP() << CMB_BIN_DIR " is where nobody else may go";
  }
  ExpectRefused(path, "readonly", "let this user write the file and its directory");
}

}  // namespace
}  // namespace cmb::reference
