// cmb-router as its user meets it: a child process with flags, signals, an exit
// code and a log; and what is said about addresses.
#include "reference/router/router_program.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace cmb::reference {
namespace {

constexpr int kPatienceMs = 10'000;

// cmb-router with its stderr in our hands; killed and reaped at the end.
class RouterProcess {
 public:
  explicit RouterProcess(std::vector<std::string> flags) {
    int ends[2];
    if (pipe(ends) != 0) {
      throw std::runtime_error("pipe");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    flags.insert(flags.begin(), CMB_BIN_DIR "/cmb-router");
    std::vector<char*> argv;
    for (auto& flag : flags) {
      argv.push_back(flag.data());
    }
    argv.push_back(nullptr);
    const int failed = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_fd_ = ends[0];
    if (failed != 0) {
      throw std::runtime_error("cannot start cmb-router");
    }
  }
  ~RouterProcess() {
    close(output_fd_);
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  RouterProcess(const RouterProcess&) = delete;
  RouterProcess& operator=(const RouterProcess&) = delete;

  // Reads on until `text` was written; false: the end, or no patience left.
  bool AwaitOutput(const std::string& text) {
    while (output_.find(text) == std::string::npos) {
      pollfd item{output_fd_, POLLIN, 0};
      char bytes[4096];
      ssize_t got = 0;
      if (poll(&item, 1, kPatienceMs) != 1 || (got = read(output_fd_, bytes, sizeof(bytes))) <= 0) {
        return false;
      }
      output_.append(bytes, static_cast<std::size_t>(got));
    }
    return true;
  }
  void Signal(int number) const { kill(pid_, number); }

  // Reads to the end of its output, which is its own end, and reaps it.
  int ExitCode() {
    AwaitOutput(std::string("\0never written", 14));
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  const std::string& output() const { return output_; }

 private:
  pid_t pid_ = -1;
  int output_fd_ = -1;
  std::string output_;
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

TEST(CmbRouter, HelpNamesTheDefaultPorts) {
  RouterProcess router({"--help"});
  EXPECT_EQ(router.ExitCode(), 0);
  for (const std::string port : {"6001", "6101", "6102"}) {
    EXPECT_NE(router.output().find(port), std::string::npos) << port;
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
