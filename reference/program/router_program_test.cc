// cmb-router as its user meets it: a child process with flags, signals, an exit
// code and a log; and what is said about addresses.
#include "reference/program/router_program.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "reference/program/program_process_test_driver.h"

namespace cmb::reference {
namespace {

// cmb-router with its output in our hands.
class RouterProcess : public ProgramProcess {
 public:
  explicit RouterProcess(std::vector<std::string> flags, std::vector<std::string> variables = {})
      : ProgramProcess("cmb-router", std::move(flags), std::move(variables)) {}
};

const std::vector<std::string> kAnyPorts{"--channel", "main=0",       "--ack-ingress",
                                         "0",         "--ack-egress", "0"};

class CmbRouterStops : public testing::TestWithParam<int> {};

TEST_P(CmbRouterStops, CleanlyOnTheSignal) {
  RouterProcess router(kAnyPorts);
  ASSERT_TRUE(router.AwaitOutput("ACK egress listens on tcp://127.0.0.1:"));
  router.Signal(GetParam());
  EXPECT_EQ(router.ExitCode(), 0);
}

INSTANTIATE_TEST_SUITE_P(, CmbRouterStops, testing::Values(SIGTERM, SIGINT));

TEST(CmbRouter, HelpNamesTheDefaultsThatThereAre) {
  RouterProcess router({"--help"});
  EXPECT_EQ(router.ExitCode(), 0);
  for (const std::string port : {"6001", "6101", "6102"}) {
    EXPECT_NE(router.output().find(port), std::string::npos) << port;
  }
  for (const std::string spelling : {"{false}", "[[]]", "[\"\"]", "[]"}) {
    EXPECT_EQ(router.output().find(spelling), std::string::npos) << spelling;
  }
}

TEST(CmbRouter, AnAddressInUseIsOneSentenceAndExitCode2) {
  RouterProgram holder({.channels = {{"main", "tcp://127.0.0.1:*"}},
                        .ack_ingress = "tcp://127.0.0.1:*",
                        .ack_egress = "tcp://127.0.0.1:*",
                        .settings = {}});
  const std::string address = holder.channels().at(0).address;
  RouterProcess router({"--channel", "main=" + address.substr(address.rfind(':') + 1)});
  EXPECT_EQ(router.ExitCode(), 2);
  EXPECT_EQ(router.output(),
            "cmb-router: the address " + address + " is already in use by another program\n");
}

TEST(CmbRouter, AnUnknownFlagIsWrongUse) {
  RouterProcess router({"--no-such-flag"});
  EXPECT_EQ(router.ExitCode(), 64);
}

TEST(CmbRouter, AChannelWithoutAPortIsWrongUse) {
  RouterProcess router({"--channel", "main"});
  EXPECT_EQ(router.ExitCode(), 64);
  EXPECT_NE(router.output().find("\"main\" is not NAME=PORT"), std::string::npos);
}

TEST(CmbRouter, TheSameChannelTwiceIsWrongUse) {
  RouterProcess router({"--channel", "main=0", "--channel", "main=0"});
  EXPECT_EQ(router.ExitCode(), 64);
}

TEST(CmbRouter, WarnsWhereOthersCanReachIt) {
  auto flags = kAnyPorts;
  flags.insert(flags.end(), {"--bind", "tcp://0.0.0.0"});
  RouterProcess router(flags);
  EXPECT_TRUE(router.AwaitOutput("WITHOUT CURVE"));
}

TEST(CmbRouter, ShowsWhereItsSettingsComeFrom) {
  RouterProcess router({"--show-config", "--no-fsync"},
                       {"CMB_ROUTER_BATCH=7", "FLEET_ACK_MAX_RETRIES=3"});
  EXPECT_EQ(router.ExitCode(), 0);
  for (const std::string line :
       {"fsync: false  # --fsync\n", "batch: 7  # CMB_ROUTER_BATCH\n",
        "max_deliveries: 4  # FLEET_ACK_MAX_RETRIES\n", "records: 1048576  # default\n"}) {
    EXPECT_NE(router.output().find(line), std::string::npos) << line << router.output();
  }
}

TEST(CmbRouter, AVariableThatNoSettingHasIsWrongUse) {
  RouterProcess router(kAnyPorts, {"CMB_ROUTER_NOTHING_LIKE_IT=1"});
  EXPECT_EQ(router.ExitCode(), 64);
}

TEST(CmbRouter, SaysThatAFleetVariableIsOverruled) {
  RouterProcess router(kAnyPorts, {"CMB_ROUTER_MAX_DELIVERIES=2", "FLEET_ACK_MAX_RETRIES=3"});
  EXPECT_TRUE(router.AwaitOutput("is overruled by CMB_ROUTER_MAX_DELIVERIES"));
}

TEST(CmbRouter, AListOfKeysThatIsNotThereIsOneSentenceAndExitCode2) {
  auto flags = kAnyPorts;
  flags.insert(flags.end(), {"--curve-key", "/nonexistent/key", "--curve-allow", "/nonexistent"});
  RouterProcess router(flags);
  EXPECT_EQ(router.ExitCode(), 2);
  EXPECT_NE(router.output().find("/nonexistent/key: cannot be read"), std::string::npos);
}

TEST(IsOpenToOthers, OnlyLoopbackAndLocalTransportsAreNot) {
  for (const std::string host : {"127.0.0.1", "127.1.2.3", "localhost", "[::1]"}) {
    EXPECT_FALSE(IsOpenToOthers("tcp://" + host + ":1")) << host;
  }
  for (const std::string host : {"0.0.0.0", "*", "10.0.0.1", "[::]", "eth0"}) {
    EXPECT_TRUE(IsOpenToOthers("tcp://" + host + ":1")) << host;
  }
  EXPECT_FALSE(IsOpenToOthers("ipc:///tmp/socket"));
}

}  // namespace
}  // namespace cmb::reference
