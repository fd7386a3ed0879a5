// How the run command plays cases on an implementation under test without virtual_clock, and what
// it reports of that. Called by the run command.
#pragma once

#include "conformance/report/run_report.h"
#include "conformance/runner/options/options.h"
#include "conformance/wall/run_on_wall.h"

namespace cmb::conformance::runner {

wall::WallSettings WallOf(const Options& options);

report::Slack SlackOf(const wall::Slack& slack);

}  // namespace cmb::conformance::runner
