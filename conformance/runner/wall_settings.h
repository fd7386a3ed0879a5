// How the run command plays cases on an implementation under test without virtual_clock, and what
// it reports of that. Called by the run command.
#pragma once

#include "conformance/report/run_report.h"
#include "conformance/runner/options/options.h"
#include "conformance/runner/suite.h"
#include "conformance/wall/run_on_wall.h"

namespace cmb::conformance::runner {

// Unless --jobs says how many: on a wall clock cases wait and hardly compute.
inline constexpr unsigned kWallJobs = 16;

// What a run shares with its cases.
struct OnWall {
  wall::WallSettings settings;
  wall::Slack slack;
};

wall::WallSettings WallOf(const Options& options);

// `on_wall` outlives it.
decltype(SuiteSettings::run_case) CaseRunner(OnWall& on_wall);

void TellClock(const OnWall& on_wall, report::RunReport& report);

}  // namespace cmb::conformance::runner
