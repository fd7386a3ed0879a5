#include "conformance/control/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
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
#include <string_view>

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
  return {fmt::format("cannot start '{}': {}", program, std::strerror(error_number))};
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

void ChildProcess::CloseStdin() { Pipe::CloseFd(stdin_); }

bool ChildProcess::Stop(Deadline deadline) {
  CloseStdin();
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

void ChildProcess::DrainOutput() {
  stdout_.Drain();
  stderr_.Drain();
}

std::string ChildProcess::StderrTail() const { return stderr_.Tail(); }
std::string ChildProcess::StdoutTail() const { return stdout_.lines ? "" : stdout_.Tail(); }

void ChildProcess::ClearOutput() {
  DrainOutput();
  for (Output* output : {&stdout_, &stderr_}) {
    if (output->lines) {
      continue;
    }
    output->kept.clear();
    output->dropped = 0;
  }
}

// At most one pipe's worth a call: a child that never stops writing must not keep the suite here.
void ChildProcess::Output::Drain() {
  std::array<char, 16 * 1024> buffer;
  for (int reads = 0; fd >= 0 && reads < 8; ++reads) {
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
      break;
    }
    if (count <= 0) {
      Pipe::CloseFd(fd);
      break;
    }
    Keep(buffer.data(), static_cast<std::size_t>(count));
  }
}

void ChildProcess::Output::Keep(const char* bytes, std::size_t count) {
  const std::size_t before = kept.size();
  kept.append(bytes, count);
  if (lines) {
    if (line_end == std::string::npos) {
      FindLine(before);
    }
  } else if (kept.size() > 2 * kKeptOutputBytes) {
    dropped += kept.size() - kKeptOutputBytes;
    kept.erase(0, kept.size() - kKeptOutputBytes);
  }
}

void ChildProcess::Output::FindLine(std::size_t from) {
  line_end = kept.find('\n', from);
  if (line_end == std::string::npos && kept.size() > kLongestLineBytes) {
    line_end = kLongestLineBytes;
  }
}

std::optional<std::string> ChildProcess::TakeLine() {
  if (!HasLine()) {
    DrainOutput();
  }
  if (!HasLine()) {
    return std::nullopt;
  }
  std::string line = stdout_.kept.substr(0, stdout_.line_end);
  stdout_.kept.erase(0, stdout_.line_end + 1);
  stdout_.FindLine(0);
  return line;
}

bool ChildProcess::WriteLine(std::string line) {
  line += '\n';
  const Deadline deadline = Deadline::In(kWriteGuard);
  for (std::size_t written = 0; written < line.size();) {
    const ssize_t count = write(stdin_, line.data() + written, line.size() - written);
    if (count > 0) {
      written += static_cast<std::size_t>(count);
    } else if (errno != EAGAIN && errno != EINTR) {
      return false;
    } else if (deadline.Passed()) {
      return false;
    } else {
      WaitWritable(deadline);
    }
  }
  return true;
}

// Until stdin takes more, or the child says something: one that writes may not read.
void ChildProcess::WaitWritable(Deadline deadline) {
  std::array<pollfd, 3> fds{pollfd{stdin_, POLLOUT, 0}, pollfd{stdout_.fd, POLLIN, 0},
                            pollfd{stderr_.fd, POLLIN, 0}};
  static_cast<void>(poll(fds.data(), fds.size(), static_cast<int>(deadline.Left().count())));
  DrainOutput();
}

std::string ChildProcess::Output::Tail() const {
  const std::size_t excess = kept.size() > kKeptOutputBytes ? kept.size() - kKeptOutputBytes : 0;
  if (dropped + excess == 0) {
    return kept;
  }
  return fmt::format("[{} bytes before this were dropped]\n{}", dropped + excess,
                     std::string_view(kept).substr(excess));
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
