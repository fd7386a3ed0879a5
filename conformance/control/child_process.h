// One process of the implementation under test (IUT): started with a pipe on its stdin, its stdout
// and stderr captured, and gone for certain when this object is gone. Called by the lower tester.
// One thread at a time. Spec: chapter control channel (CMB_CONTROL, CMB_INCARNATION, stdin).
//
// The child leads a process group of its own, so that what it starts dies with it. Its stdin closes
// when the suite dies, which tells it to exit too.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/control/deadline.h"
#include "conformance/control/result.h"

namespace cmb::conformance {

// Of stdout and of stderr, the last bytes are kept; what came before is dropped and counted.
inline constexpr std::size_t kKeptOutputBytes = 64 * 1024;

// More than any frame of the suite takes as JSON.
inline constexpr std::size_t kLongestLineBytes = 64 * 1024 * 1024;
inline constexpr std::chrono::milliseconds kWriteGuard{5'000};

// How a process ended.
struct ChildExit {
  bool by_signal = false;
  int number = 0;  // Exit status, or the signal.

  // "exited with status 3", "was killed by signal 11 (Segmentation fault)".
  std::string Sentence() const;
};

// Could not be started.
struct SpawnError {
  std::string sentence;  // "cannot start 'foo': No such file or directory"
};

class ChildProcess {
 public:
  struct Options {
    std::vector<std::string> command;  // Program (searched in PATH) and arguments; not empty.
    // Added to the suite's own environment; replaces variables of the same name.
    std::vector<std::pair<std::string, std::string>> environment;
    // Its standard output is taken line by line and belongs to no tail.
    bool lines_on_stdout = false;
  };

  static std::variant<std::unique_ptr<ChildProcess>, SpawnError> Spawn(const Options& options);

  // Stands for a process that somebody else starts and ends: nothing is seen of it.
  static std::unique_ptr<ChildProcess> SomebodyElses() {
    return std::unique_ptr<ChildProcess>(new ChildProcess);
  }
  bool IsOurs() const { return pid_ > 0; }

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();  // Kill().

  // How it ended; absent while it lives. Reaps it, and kills what it left behind in its group.
  std::optional<ChildExit> Ended();

  // kill -9 for the whole group, then reaps. Returns how the child ended, which is older than the
  // kill if it was dead already. Never waits for more than the kernel's own work.
  ChildExit Kill();

  // Standard input ends.
  void CloseInput();

  // Closes stdin, waits for the end until `deadline`, then kills. True: it ended by itself.
  bool Stop(Deadline deadline);

  // Reads what stands in the pipes; call before the tails are looked at. Never blocks.
  void DrainOutput();
  std::string StderrTail() const;
  std::string StdoutTail() const;
  // Forgets what was captured so far (a new case begins).
  void ClearOutput();

  // Spawned with `lines_on_stdout`: the next whole line that it wrote, without its end. Absent:
  // none is there. A line above kLongestLineBytes is cut there.
  std::optional<std::string> TakeLine();
  bool HasLine() const { return stdout_.line_end != std::string::npos; }
  // Writes `line` and its end to stdin, and reads what it writes meanwhile. False: it has closed
  // its end, or did not read for kWriteGuard.
  bool WriteLine(std::string line);

  // For waiting (wait.h): readable when the child has ended, or when there is output. -1: closed.
  int end_fd() const { return pid_fd_; }
  int stderr_fd() const { return stderr_.fd; }
  int stdout_fd() const { return stdout_.fd; }
  pid_t pid() const { return pid_; }

 private:
  struct Output {
    int fd = -1;
    std::string kept;
    std::size_t dropped = 0;
    bool lines = false;                        // All is kept until TakeLine.
    std::size_t line_end = std::string::npos;  // Of the first whole line in `kept`.

    void Drain();
    void Keep(const char* bytes, std::size_t count);
    void FindLine(std::size_t from);
    std::string Tail() const;
  };

  ChildProcess() = default;
  void Reap(bool wait);
  void CloseAll();
  void WaitWritable(Deadline deadline);

  pid_t pid_ = -1;
  int pid_fd_ = -1;
  int stdin_ = -1;
  Output stdout_;
  Output stderr_;
  std::optional<ChildExit> ended_;
};

// `kind` and `sentence` with what `child` has written so far.
Trouble MakeTrouble(TroubleKind kind, Fault fault, ChildProcess& child);
inline Trouble MakeTrouble(TroubleKind kind, std::string sentence, ChildProcess& child) {
  return MakeTrouble(kind, Fault{std::move(sentence), ""}, child);
}

}  // namespace cmb::conformance
