// A program of this project as its user meets it: a child process with flags, an
// environment, signals, output and an exit code.
//
// Header only, since a module's library must not hold test code. Every wait has
// a deadline. Threads: the test's.
#pragma once

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

extern char** environ;

namespace cmb::reference {

inline constexpr int kProgramPatienceMs = 20'000;

// bin/PROGRAM with its stdout and stderr in our hands; killed and reaped at the
// end.
class ProgramProcess {
 public:
  // `variables` ("NAME=value") come before those of this process.
  explicit ProgramProcess(const std::string& program, std::vector<std::string> flags = {},
                          std::vector<std::string> variables = {}) {
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
    flags.insert(flags.begin(), CMB_BIN_DIR "/" + program);
    std::vector<char*> argv = Pointers(flags);
    std::vector<char*> env = Pointers(variables);
    env.pop_back();
    for (char** variable = environ; *variable != nullptr; ++variable) {
      env.push_back(*variable);
    }
    env.push_back(nullptr);
    const int failed = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), env.data());
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_fd_ = ends[0];
    if (failed != 0) {
      throw std::runtime_error("cannot start " + program);
    }
  }
  ~ProgramProcess() {
    close(output_fd_);
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  ProgramProcess(const ProgramProcess&) = delete;
  ProgramProcess& operator=(const ProgramProcess&) = delete;

  // Reads on until `text` was written; false: the end, or no patience left.
  bool AwaitOutput(const std::string& text) {
    while (output_.find(text) == std::string::npos) {
      pollfd item{output_fd_, POLLIN, 0};
      char bytes[4096];
      ssize_t got = 0;
      if (poll(&item, 1, kProgramPatienceMs) != 1) {
        return false;
      }
      if ((got = read(output_fd_, bytes, sizeof(bytes))) <= 0) {
        ended_ = true;
        return false;
      }
      output_.append(bytes, static_cast<std::size_t>(got));
    }
    return true;
  }
  void Signal(int number) const { kill(pid_, number); }

  // Reads to the end of its output, which is its own end, and reaps it. Who does not end
  // is killed.
  int ExitCode() {
    AwaitOutput(std::string("\0never written", 14));
    if (!ended_) {
      Signal(SIGKILL);  // It shall tell what it did, not keep the test.
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  const std::string& output() const { return output_; }

 private:
  static std::vector<char*> Pointers(std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    for (std::string& string : strings) {
      pointers.push_back(string.data());
    }
    pointers.push_back(nullptr);
    return pointers;
  }

  pid_t pid_ = -1;
  int output_fd_ = -1;
  std::string output_;
  bool ended_ = false;
};

}  // namespace cmb::reference
