#include "conformance/control/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "conformance/control/wait.h"

extern char** environ;

namespace cmb::conformance {
namespace {

// Both ends close on exec, so that no other child of the suite holds them open.
struct Pipe {
  int read_end = -1;
  int write_end = -1;

  bool Open() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      return false;
    }
    read_end = ends[0];
    write_end = ends[1];
    return true;
  }

  ~Pipe() {
    CloseFd(read_end);
    CloseFd(write_end);
  }

  static void CloseFd(int& fd) {
    if (fd >= 0) {
      close(fd);
      fd = -1;
    }
  }

  static int Release(int& fd) { return std::exchange(fd, -1); }
};

SpawnError ErrorOf(const std::string& program, int error_number) {
  std::error_code ignored;
  const char* remedy = "";
  if (std::filesystem::is_directory(program, ignored)) {
    remedy = "; it is a directory: name the program in it";
  } else if (error_number == EACCES) {
    remedy = "; make it executable (chmod +x), or run it by its interpreter, as in -- python3 FILE";
  } else if (error_number == ENOENT) {
    remedy = std::filesystem::exists(program, ignored)
                 ? "; the interpreter in its first line is not there"
             : program.find('/') == std::string::npos
                 ? "; a program of this directory is written ./NAME"
                 : "";
  }
  return {fmt::format("cannot start '{}': {}{}", program, std::strerror(error_number), remedy)};
}

// The suite's environment with `additions` instead of variables of the same name.
std::vector<std::string> MakeEnvironment(
    const std::vector<std::pair<std::string, std::string>>& additions) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    const bool replaced = std::any_of(additions.begin(), additions.end(),
                                      [name](const auto& pair) { return pair.first == name; });
    if (!replaced) {
      result.emplace_back(text);
    }
  }
  for (const auto& [name, value] : additions) {
    result.push_back(name + "=" + value);
  }
  return result;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) {
    pointers.push_back(string.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

// A group of its own, default signals and an empty mask, whatever the suite has set for itself.
void SetAttributes(posix_spawnattr_t& attributes) {
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

// Returns errno, 0 if the program runs. An exec that fails is reported here, too.
int SpawnWith(const ChildProcess::Options& options, const Pipe& in, const Pipe& out,
              const Pipe& err, pid_t& pid) {
  std::vector<std::string> command = options.command;
  std::vector<std::string> environment = MakeEnvironment(options.environment);
  const std::vector<char*> argv = Pointers(command);
  const std::vector<char*> envp = Pointers(environment);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, in.read_end, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write_end, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write_end, STDERR_FILENO);
  SetAttributes(attributes);
  const int failed = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), envp.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

ChildExit ExitOf(const siginfo_t& info) {
  return {.by_signal = info.si_code != CLD_EXITED, .number = info.si_status};
}

}  // namespace

std::string ChildExit::Sentence() const {
  if (!by_signal) {
    return "exited with status " + std::to_string(number);
  }
  return fmt::format("was killed by signal {} ({})", number, strsignal(number));
}

std::variant<std::unique_ptr<ChildProcess>, SpawnError> ChildProcess::Spawn(
    const Options& options) {
  if (options.command.empty()) {
    return SpawnError{"cannot start: no command"};
  }
  Pipe in;
  Pipe out;
  Pipe err;
  std::unique_ptr<ChildProcess> child(new ChildProcess);
  if (!in.Open() || !out.Open() || !err.Open()) {
    return ErrorOf(options.command[0], errno);
  }
  if (const int failed = SpawnWith(options, in, out, err, child->pid_); failed != 0) {
    child->pid_ = -1;
    return ErrorOf(options.command[0], failed);
  }
  // Cannot be another process: the number stays taken until Reap.
  child->pid_fd_ = static_cast<int>(syscall(SYS_pidfd_open, child->pid_, 0));
  if (child->pid_fd_ < 0) {
    const int error_number = errno;
    child->Kill();
    return ErrorOf(options.command[0], error_number);
  }
  child->stdin_ = Pipe::Release(in.write_end);
  child->stdout_.fd = Pipe::Release(out.read_end);
  child->stderr_.fd = Pipe::Release(err.read_end);
  child->stdout_.lines = options.lines_on_stdout;
  if (options.lines_on_stdout) {
    fcntl(child->stdin_, F_SETFL, O_NONBLOCK);
    std::signal(SIGPIPE, SIG_IGN);  // A child that has gone is told by EPIPE.
  }
  fcntl(child->stdout_.fd, F_SETFL, O_NONBLOCK);
  fcntl(child->stderr_.fd, F_SETFL, O_NONBLOCK);
  return child;
}

ChildProcess::~ChildProcess() {
  Kill();
  CloseAll();
}

// The group is killed before the leader is reaped: until then its number cannot be given to
// another group.
void ChildProcess::Reap(bool wait) {
  if (ended_ || pid_ < 0) {
    return;
  }
  siginfo_t info{};
  const auto id = static_cast<id_t>(pid_);
  while (waitid(P_PID, id, &info, WEXITED | WNOWAIT | (wait ? 0 : WNOHANG)) != 0 &&
         errno == EINTR) {
  }
  if (info.si_pid != pid_) {
    return;
  }
  kill(-pid_, SIGKILL);
  while (waitid(P_PID, id, &info, WEXITED) != 0 && errno == EINTR) {
  }
  ended_ = ExitOf(info);
}

std::optional<ChildExit> ChildProcess::Ended() {
  Reap(false);
  return ended_;
}

ChildExit ChildProcess::Kill() {
  Reap(false);
  if (!ended_ && pid_ > 0) {
    kill(-pid_, SIGKILL);
    Reap(true);
  }
  DrainOutput();
  return ended_.value_or(ChildExit{});
}

void ChildProcess::CloseInput() { Pipe::CloseFd(stdin_); }

bool ChildProcess::Stop(Deadline deadline) {
  CloseInput();
  const bool by_itself = WaitReadable({}, *this, deadline) == Wake::kChildEnded;
  Kill();
  return by_itself;
}

void ChildProcess::CloseAll() {
  Pipe::CloseFd(stdin_);
  Pipe::CloseFd(stdout_.fd);
  Pipe::CloseFd(stderr_.fd);
  Pipe::CloseFd(pid_fd_);
}

Trouble MakeTrouble(TroubleKind kind, Fault fault, ChildProcess& child) {
  child.DrainOutput();
  Trouble trouble;
  trouble.kind = kind;
  trouble.sentence = std::move(fault.sentence);
  trouble.requirement = std::move(fault.requirement);
  trouble.iut_stderr = child.StderrTail();
  trouble.iut_stdout = child.StdoutTail();
  return trouble;
}

}  // namespace cmb::conformance
