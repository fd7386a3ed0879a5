#include "conformance/runner/options/recording_options.h"

#include <CLI/CLI.hpp>

#include "conformance/runner/options/common_options.h"
#include "conformance/runner/options/places.h"

namespace cmb::conformance::runner {
namespace {

constexpr char kCheckFooter[] =
    "Exit codes of check: 0 no breach, 1 a breach, 2 no breach, but not everything could be read,\n"
    "64 wrong use, 130 interrupted. Line 1 of a transcript is its header.";
constexpr char kAlterFooter[] =
    "Exit codes of alter: 0 done, 1 less than --at-least is caught or an entry of --free is idle,\n"
    "2 not everything could be read or nothing is without a breach, 64 wrong use, 130 interrupted.";

}  // namespace

void AddCheck(CLI::App& app, Options& options) {
  CLI::App* check = app.add_subcommand(
      "check",
      "Judge recordings alone, without an implementation: transcripts by all rules,\n"
      "event logs of a system in production by what events tell:\n"
      "  cmb-conformance check --quiet DIR");
  check
      ->add_option("path", options.paths,
                   "Transcripts that `run --transcript DIR` wrote, event logs that `cmb-router "
                   "--events` wrote, or directories of *.jsonl")
      ->type_name("PATH")
      ->required();
  check->add_flag("--quiet", options.quiet, "Only the causes and the counts");
  AddSpec(*check, options);
  AddJobs(*check, options, "Recordings");
  check->footer(kCheckFooter);
}

void AddAlter(CLI::App& app, Options& options) {
  CLI::App* alter = app.add_subcommand(
      "alter",
      "Alter recordings in one thing at a time and count what the oracle sees of it:\n"
      "  cmb-conformance alter --sample 20000 DIR");
  alter
      ->add_option("path", options.paths,
                   "Transcripts that `run --transcript DIR` wrote, or directories of them")
      ->type_name("PATH")
      ->required();
  alter->add_option("--sample", options.sample, "Only so many alterations, drawn evenly")
      ->type_name("N")
      ->check(WholeNumber());
  AddSeed(*alter, options);
  alter
      ->add_option("--longest", options.longest,
                   "Of a recording of more entries only every n-th alteration, so that it takes no "
                   "longer than one of N; 0 for all (default: 300)")
      ->type_name("N")
      ->check(WholeNumber());
  alter
      ->add_option("--at-least", options.at_least,
                   "Exit with 1 if a smaller share is caught (default: 0)")
      ->type_name("PERCENT")
      ->check(CLI::Validator(CLI::Range(0.0, 100.0)).description(""));
  alter->add_option("--json", options.json, "Write all kinds with their counts")->type_name("FILE");
  alter
      ->add_option("--free", options.free,
                   "What the specification leaves free (default: " + FindPlaces({}).free + ")")
      ->type_name("FILE");
  AddSpec(*alter, options);
  AddJobs(*alter, options, "Recordings");
  alter->footer(kAlterFooter);
}

}  // namespace cmb::conformance::runner
