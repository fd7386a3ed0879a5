// The commands of cmb-conformance. Each prints and returns an exit code. Called by main.
#pragma once

#include <atomic>
#include <iosfwd>

#include "conformance/runner/options/options.h"

namespace cmb::conformance::runner {

struct Console {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

// `stop` becomes true at an interrupt.
int RunCommand(const Options& options, Console& console, const std::atomic<bool>& stop);
int SmokeCommand(const Options& options, Console& console);
int ScaffoldCommand(const Options& options, Console& console);
int ExploreCommand(const Options& options, Console& console, const std::atomic<bool>& stop);
int InteropCommand(const Options& options, Console& console, const std::atomic<bool>& stop);
int CheckCommand(const Options& options, Console& console, const std::atomic<bool>& stop);
int AlterCommand(const Options& options, Console& console, const std::atomic<bool>& stop);
int ListCommand(const Options& options, Console& console);
int LintCommand(const Options& options, Console& console);
int ExplainCommand(const Options& options, Console& console);
int SchemaCommand(const Options& options, Console& console);
int MergeCommand(const Options& options, Console& console);
int DiffCommand(const Options& options, Console& console);

// Complaints, one a line. Returns kWrongUse.
int Complain(const std::vector<std::string>& complaints, Console& console);

}  // namespace cmb::conformance::runner
