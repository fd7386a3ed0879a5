#include "conformance/runner/options/explore_options.h"

#include <CLI/CLI.hpp>

#include "conformance/runner/options/common_options.h"
#include "conformance/runner/options/iut_options.h"

namespace cmb::conformance::runner {
namespace {

constexpr char kExploreFooter[] =
    "Exit codes of explore: 0 nothing failed, 1 something failed, 2 nothing was judged, 64 wrong\n"
    "use, 130 interrupted. The same seed draws the same scenarios.";

}  // namespace

void AddExplore(CLI::App& app, Options& options) {
  CLI::App* explore =
      app.add_subcommand("explore",
                         "Draw scenarios, judge them by the oracle and keep what fails:\n"
                         "  cmb-conformance explore [OPTIONS] -- COMMAND...");
  explore->add_option("--cases", options.cases, "Scenarios to draw (default: 1000)")
      ->type_name("N")
      ->check(WholeNumber(1));
  explore->add_option("--minutes", options.minutes, "Longest real time (default: none)")
      ->type_name("M")
      ->check(CLI::Validator(CLI::Range(1U, 100'000U)).description(""));
  explore
      ->add_option("--role", options.roles,
                   "sender, router or target; may be repeated (default: all that are claimed)")
      ->type_name("ROLE")
      ->transform(OneOfWords({"sender", "router", "target"}))
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  explore
      ->add_option("--save", options.save,
                   "Write each failure there as a scenario file (default: printed only)")
      ->type_name("DIR");
  AddIut(*explore, options);
  AddSeed(*explore, options);
  AddSpec(*explore, options);
  AddJobs(*explore, options, "Scenarios");
  explore->footer(kExploreFooter);
}

}  // namespace cmb::conformance::runner
