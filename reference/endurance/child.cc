#include "reference/endurance/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace cmb::reference {

void Child::Start() {
  std::vector<char*> argv;
  for (auto& word : command_) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  has_ended_ = false;
  const pid_t parent = getpid();
  // A SIGTERM that comes before the program can take it waits for that: the child
  // inherits the mask.
  sigset_t stop;
  sigset_t before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, &before);
  pid_ = fork();
  if (pid_ != 0) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  if (pid_ < 0) {
    throw std::runtime_error(std::string("fork: ") + strerror(errno));
  }
  if (pid_ > 0) {
    return;
  }
  // The child; only calls that are safe after a fork of a process with threads.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int log = open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (getppid() == parent && log >= 0 && dup2(log, 1) >= 0 && dup2(log, 2) >= 0) {
    execv(argv[0], argv.data());
  }
  _exit(127);
}

void Child::Freeze() {
  if (pid_ > 0) {
    kill(pid_, SIGSTOP);
  }
}

void Child::Kill() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
}

bool Child::Stop(std::chrono::steady_clock::time_point until) {
  if (pid_ < 0) {
    return false;
  }
  kill(pid_, SIGTERM);
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  pollfd end{static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)), POLLIN, 0};
  poll(&end, 1, std::max(0, static_cast<int>(left.count())));
  close(end.fd);
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) {
    return false;
  }
  pid_ = -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool Child::HasEnded() {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) {
    pid_ = -1;
    has_ended_ = true;
  }
  return has_ended_;
}

}  // namespace cmb::reference
