#include "conformance/runner/options/interop_options.h"

#include <CLI/CLI.hpp>

#include "conformance/runner/options/common_options.h"

namespace cmb::conformance::runner {
namespace {

constexpr char kInteropFooter[] =
    "Exit codes of interop: 0 all passed, 1 something failed or crashed, 2 nothing failed but\n"
    "something gave no answer, was inconclusive or could not run, or nothing passed, 64 wrong "
    "use,\n"
    "130 interrupted.";

}  // namespace

void AddInterop(CLI::App& app, Options& options) {
  CLI::App* interop = app.add_subcommand(
      "interop",
      "Run the scenarios of role system with every combination of implementations as sender,\n"
      "router and target, and say which of them is to blame:\n"
      "  cmb-conformance interop './mine --flag' stdio:other/harness.py");
  interop
      ->add_option("command", options.implementations,
                   "Commands that start a harness, each one word for the shell; each plays the "
                   "roles that it claims. With stdio: before it, by lines of JSON")
      ->type_name("COMMAND")
      ->required();
  AddSources(*interop, options);
  AddSelection(*interop, options);
  interop->add_option("--json", options.json, "Write everything as JSON")->type_name("FILE");
  interop
      ->add_option("--transcript", options.transcripts,
                   "Write one transcript for each part of each case, as `check` reads them")
      ->type_name("DIR");
  AddSeed(*interop, options);
  AddJobs(*interop, options, "Combinations");
  interop->footer(kInteropFooter);
}

std::vector<std::string> WordsOf(const std::string& command) {
  return CLI::detail::split_up(command);
}

}  // namespace cmb::conformance::runner
