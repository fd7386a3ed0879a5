// Exit codes of cmb-conformance, and how a run's verdicts become one. Pure.
#pragma once

#include "conformance/report/run_report.h"

namespace cmb::conformance::runner {

inline constexpr int kAllPassed = 0;  // Unsupported cases are neutral.
inline constexpr int kFailed = 1;     // Or the IUT crashed in a case; or lint has findings.
// Nothing failed, but not everything could be judged: no answer, a broken harness, a fault that was
// not applied, cases that were not run.
inline constexpr int kInconclusive = 2;
inline constexpr int kWrongUse = 64;
inline constexpr int kInterrupted = 130;

int ExitCode(const report::RunReport& report);

}  // namespace cmb::conformance::runner
