// cmb-reference-iut as a child process, for the harness's own tests.
//
// Header only, since a module's library must not hold test code. Every wait has
// a deadline. Threads: the test's.
#pragma once

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace cmb::reference {

// How long a test waits for anything.
inline constexpr int kPatienceMs = 10'000;

// Killed and reaped at the end.
class IutProcess {
 public:
  explicit IutProcess(const std::vector<std::string>& environment,
                      std::vector<std::string> arguments = {}) {
    int ends[2];
    if (pipe(ends) != 0) {
      throw std::runtime_error("pipe");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::string program = CMB_BIN_DIR "/cmb-reference-iut";
    std::vector<char*> argv{program.data()};
    for (auto& argument : arguments) {
      argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    std::vector<std::string> strings = environment;
    std::vector<char*> env;
    for (auto& variable : strings) {
      env.push_back(variable.data());
    }
    env.push_back(nullptr);
    const int failed =
        posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), env.data());
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    stdin_ = ends[1];
    if (failed != 0) {
      throw std::runtime_error("cannot start " + program);
    }
  }
  ~IutProcess() {
    Kill();
    CloseStdin();
  }
  IutProcess(const IutProcess&) = delete;
  IutProcess& operator=(const IutProcess&) = delete;

  // kill -9; it is gone when this returns.
  void Kill() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
      pid_ = -1;
    }
  }

  void CloseStdin() {
    if (stdin_ >= 0) {
      close(stdin_);
      stdin_ = -1;
    }
  }

  // Exit code; -1: it still runs when the patience is over.
  int WaitForExit() {
    const int ended = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
    pollfd item{ended, POLLIN, 0};
    const bool in_time = poll(&item, 1, kPatienceMs) == 1;
    close(ended);
    if (!in_time) {
      return -1;
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
  int stdin_ = -1;
};

}  // namespace cmb::reference
