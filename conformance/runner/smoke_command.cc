// The smoke command: a harness, step by step.
#include <algorithm>
#include <ostream>

#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"
#include "conformance/runner/options/iut_options.h"
#include "conformance/smoke/smoke.h"

namespace cmb::conformance::runner {

int SmokeCommand(const Options& options, Console& console) {
  smoke::SmokeSettings settings;
  settings.iut = LockStepOf(options);
  settings.role = RoleOf(options.role);
  settings.tried = [&console](const smoke::Tried& tried) {
    console.out << smoke::LineOf(tried) << std::flush;
  };
  const smoke::Smoked smoked = smoke::RunSmoke(settings);
  console.out << '\n' << smoke::SummaryOf(smoked, settings.role);
  const bool any = std::any_of(smoked.steps.begin(), smoked.steps.end(), [](const auto& tried) {
    return tried.finding.outcome == smoke::Outcome::kMissing;
  });
  return any ? kFailed : kAllPassed;
}

}  // namespace cmb::conformance::runner
