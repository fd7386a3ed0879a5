// cmb-conformance: see --help.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");

void OnInterrupt(int) { stop = true; }

// The first interrupt ends the run after the cases in hand, so that the children are killed and
// the results kept; a second one ends the program at once.
void CatchInterrupts() {
  struct sigaction action {};
  action.sa_handler = OnInterrupt;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace cmb::conformance::runner;  // NOLINT: main only.
  const auto parsed = ParseOptions(std::vector<std::string>(argv, argv + argc));
  if (const auto* ending = std::get_if<Ending>(&parsed)) {
    (ending->code == kAllPassed ? std::cout : std::cerr) << ending->text << '\n';
    return ending->code;
  }
  const auto& options = std::get<Options>(parsed);
  Console console{std::cout, std::cerr, isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1};
  CatchInterrupts();
  switch (options.command) {
    case Command::kRun:
      return RunCommand(options, console, stop);
    case Command::kList:
      return ListCommand(options, console);
    case Command::kLint:
      return LintCommand(options, console);
    case Command::kExplain:
      return ExplainCommand(options, console);
  }
  return kWrongUse;
}
