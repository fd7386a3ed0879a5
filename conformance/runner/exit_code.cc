#include "conformance/runner/exit_code.h"

namespace cmb::conformance::runner {

int ExitCode(const report::RunReport& report) {
  const report::Counts counts = report::CountOf(report.cases);
  if (report.interrupted) {
    return kInterrupted;
  }
  if (counts.fail + counts.iut_crashed > 0) {
    return kFailed;
  }
  const bool all_judged =
      counts.no_answer + counts.harness_error + counts.inconclusive + counts.not_run == 0 &&
      report.stopped_because.empty();
  // Zero observed is never green.
  return all_judged && counts.pass > 0 ? kAllPassed : kInconclusive;
}

}  // namespace cmb::conformance::runner
