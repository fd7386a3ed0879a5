// The smoke command: a harness, step by step.
#include <algorithm>
#include <ostream>

#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"
#include "conformance/runner/options/iut_options.h"
#include "conformance/smoke/smoke.h"

namespace cmb::conformance::runner {
namespace {

std::string RunOf(const Options& options) {
  std::vector<std::string> words{options.program, "run", "--role", options.role};
  const auto of_iut = IutWords(options);
  words.insert(words.end(), of_iut.begin(), of_iut.end());
  words.emplace_back("--");
  words.insert(words.end(), options.iut.begin(), options.iut.end());
  return ShellQuoted(words);
}

}  // namespace

int SmokeCommand(const Options& options, Console& console) {
  smoke::SmokeSettings settings;
  settings.iut = LockStepOf(options);
  settings.role = RoleOf(options.role);
  settings.tried = [&console](const smoke::Tried& tried) {
    console.out << smoke::LineOf(tried) << std::flush;
  };
  const smoke::Smoked smoked = smoke::RunSmoke(settings);
  console.out << '\n' << smoke::SummaryOf(smoked, options.program, RunOf(options));
  if (smoked.no_process) {
    return kInconclusive;
  }
  const bool any = std::any_of(smoked.steps.begin(), smoked.steps.end(), [](const auto& tried) {
    return tried.finding.outcome == smoke::Outcome::kMissing;
  });
  return any ? kFailed : kAllPassed;
}

}  // namespace cmb::conformance::runner
