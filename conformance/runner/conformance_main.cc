// cmb-conformance: see --help.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "conformance/control/caught.h"
#include "conformance/control/wait.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");
int wake_waits[2] = {-1, -1};  // A pipe; what is in it is never read.

void OnInterrupt(int) {
  stop = true;
  [[maybe_unused]] const auto written = write(wake_waits[1], "!", 1);
}

// The first interrupt ends every wait, so that the children are killed and the results kept; a
// second one ends the program at once.
void CatchInterrupts() {
  if (pipe2(wake_waits, O_CLOEXEC | O_NONBLOCK) == 0) {
    cmb::conformance::SetInterruptDescriptor(wake_waits[0]);
  }
  struct sigaction action {};
  action.sa_handler = OnInterrupt;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

using namespace cmb::conformance::runner;  // NOLINT: this file only.

int Run(const Options& options, Console& console) {
  switch (options.command) {
    case Command::kRun:
      return RunCommand(options, console, stop);
    case Command::kSmoke:
      return SmokeCommand(options, console);
    case Command::kScaffold:
      return ScaffoldCommand(options, console);
    case Command::kExplore:
      return ExploreCommand(options, console, stop);
    case Command::kInterop:
      return InteropCommand(options, console, stop);
    case Command::kCheck:
      return CheckCommand(options, console, stop);
    case Command::kAlter:
      return AlterCommand(options, console, stop);
    case Command::kList:
      return ListCommand(options, console);
    case Command::kLint:
      return LintCommand(options, console);
    case Command::kExplain:
      return ExplainCommand(options, console);
    case Command::kSchema:
      return SchemaCommand(options, console);
    case Command::kMerge:
      return MergeCommand(options, console);
    case Command::kDiff:
      return DiffCommand(options, console);
  }
  return kWrongUse;
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = ParseOptions(std::vector<std::string>(argv, argv + argc));
  if (const auto* ending = std::get_if<Ending>(&parsed)) {
    (ending->code == kAllPassed ? std::cout : std::cerr) << ending->text << '\n';
    return ending->code;
  }
  const auto& options = std::get<Options>(parsed);
  Console console{std::cout, std::cerr, isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1};
  if (const std::string missing = MissingPlaces(options); !missing.empty()) {
    return Complain({missing}, console);
  }
  CatchInterrupts();
  int code = kInconclusive;
  const std::string thrown = cmb::conformance::Caught([&] { code = Run(options, console); });
  return thrown.empty() ? code : (Complain({thrown}, console), int{kInconclusive});
}
