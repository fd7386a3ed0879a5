#include "conformance/runner/wall_settings.h"

#include "conformance/oracle/oracle.h"
#include "conformance/runner/suite.h"

namespace cmb::conformance::runner {
namespace {

std::string FirstBlamed(const CaseResult& result, const Transcript& transcript) {
  report::CaseRecord record;
  record.result = result;
  Merge(MayJudge(result) ? oracle::Judge(transcript) : std::vector<oracle::Finding>(), transcript,
        record);
  if (record.result.verdict != Verdict::kFail) {
    return "";
  }
  const auto blamed = report::Blamed(record);
  return blamed.empty() ? "nobody" : blamed.front();
}

report::Slack SlackOf(const wall::Slack& slack) {
  const std::vector<std::uint64_t> lateness = slack.LatenessMs();
  report::Slack of_run;
  of_run.instants = lateness.size();
  if (!lateness.empty()) {
    of_run.p99_ms = lateness[lateness.size() * 99 / 100];
    of_run.max_ms = lateness.back();
  }
  of_run.grace_ms = kGraceMs;
  of_run.repeats = slack.repeats();
  return of_run;
}

}  // namespace

wall::WallSettings WallOf(const Options& options) {
  wall::WallSettings settings;
  settings.time_scale = options.time_scale;
  settings.longest = std::chrono::seconds(options.longest_s);
  settings.blamed = FirstBlamed;
  if (options.router) {
    settings.black_box.emplace();
    for (const auto& [name, address] : options.router->channels) {
      settings.black_box->push_back(name);
    }
  }
  return settings;
}

decltype(SuiteSettings::run_case) CaseRunner(OnWall& on_wall) {
  return [&on_wall](Bench& bench, const scenario::Case& one, const control::v1::Pics& pics,
                    const RunOptions& run, Transcript& transcript) {
    return wall::HasVirtualClock(pics) ? RunCase(bench, one, pics, run, transcript)
                                       : wall::RunOnWall(bench, one, pics, run, on_wall.settings,
                                                         on_wall.slack, transcript);
  };
}

void TellClock(const OnWall& on_wall, report::RunReport& report) {
  if (!report.pics.name().empty() && !wall::HasVirtualClock(report.pics)) {
    report.clock = "wall";
    report.slack = SlackOf(on_wall.slack);
  }
}

}  // namespace cmb::conformance::runner
