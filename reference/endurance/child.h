// A child process that can be killed and started again, and never outlives its
// parent.
//
// Threads: one owner. Spec: none, this is for tests of durability.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace cmb::reference {

class Child {
 public:
  // Does not start it. What it prints is appended to the file `log`.
  Child(std::vector<std::string> command, std::string log)
      : command_(std::move(command)), log_(std::move(log)) {}
  // Kills and reaps it.
  ~Child() { Kill(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Throws std::runtime_error where the system makes no process.
  void Start();

  // It stands still until it is killed. Nothing happens to one that does not run.
  void Freeze();

  // kill -9; it is gone, its files closed and its locks free, when this
  // returns. Nothing happens to one that does not run.
  void Kill();

  // Asks it to end (SIGTERM, which it takes with StopSignals however early it
  // comes), and waits for that until then. True: it has ended with exit code 0.
  bool Stop(std::chrono::steady_clock::time_point until);

  // It ended by itself, unasked: a fault, since it has no reason to.
  bool HasEnded();

  const std::string& log() const { return log_; }

 private:
  std::vector<std::string> command_;
  std::string log_;
  pid_t pid_ = -1;
  bool has_ended_ = false;
};

}  // namespace cmb::reference
