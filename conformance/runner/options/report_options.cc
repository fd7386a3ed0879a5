#include "conformance/runner/options/report_options.h"

#include <CLI/CLI.hpp>

#include "conformance/runner/options/common_options.h"

namespace cmb::conformance::runner {
namespace {

constexpr char kMergeFooter[] = "Exit codes of merge: those of `run`, as if it had been one run.";
constexpr char kDiffFooter[] =
    "Exit codes of diff: 0 nothing is worse, 1 something is: it does not pass any more, is gone, "
    "or\n"
    "is new and does not pass; 64 wrong use or no report.";

// The last of several counts, so that a script may have its own and take others.
void AddFile(CLI::App& command, const char* option, std::string& path, const char* help) {
  command.add_option(option, path, help)->type_name("FILE")->take_last()->check(NotEmpty());
}

// Those that need no recordings.
void AddSheets(CLI::App& command, Options& options) {
  AddFile(command, "--junit", options.junit, "Write a JUnit report");
  AddFile(command, "--json", options.json,
          "Write a JSON report; `schema report` prints its JSON Schema");
  AddFile(command, "--markdown", options.markdown,
          "Write a summary in Markdown, for a pull request");
  AddFile(command, "--badge", options.badge, "Write a badge, in the JSON form of shields.io");
}

}  // namespace

void AddReports(CLI::App& run, Options& options) {
  AddSheets(run, options);
  AddFile(run, "--html", options.html,
          "Write one HTML page with everything, each case as a sequence diagram");
  run.add_option("--transcript", options.transcripts, "Write one transcript for each case")
      ->type_name("DIR")
      ->take_last()
      ->check(NotEmpty());
  run.add_option("--bundle", options.bundle,
                 "Write a folder for each case that did not pass: what is wrong, the scenario, the "
                 "transcript, stderr, the page, the command to repeat it")
      ->type_name("DIR")
      ->take_last()
      ->check(NotEmpty());
}

void AddMerge(CLI::App& app, Options& options) {
  CLI::App* merge = app.add_subcommand(
      "merge",
      "Put the JSON reports of parts of a run together, as of --shard, and report the whole:\n"
      "  cmb-conformance merge --json all.json 1.json 2.json");
  merge->add_option("report", options.paths, "Reports that `run --json` wrote")
      ->type_name("FILE")
      ->required();
  AddSheets(*merge, options);
  AddSpec(*merge, options);
  merge->add_flag("--verbose", options.verbose,
                  "Print each case that did not pass, and each scenario");
  merge->footer(kMergeFooter);
}

void AddDiff(CLI::App& app, Options& options) {
  CLI::App* diff = app.add_subcommand(
      "diff",
      "Compare two JSON reports: what is worse, better, or fails for another reason:\n"
      "  cmb-conformance diff before.json after.json");
  diff->add_option("report", options.paths, "Two reports that `run --json` wrote, the older first")
      ->type_name("FILE")
      ->required()
      ->expected(2);
  diff->footer(kDiffFooter);
}

}  // namespace cmb::conformance::runner
