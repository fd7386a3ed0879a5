// The run command: from options to reports.
#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <system_error>
#include <thread>

#include "conformance/lower_tester/lock_step_bench.h"
#include "conformance/report/failure_text.h"
#include "conformance/report/terminal.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"
#include "conformance/runner/expected_failures.h"
#include "conformance/runner/mutants.h"
#include "conformance/runner/options/iut_options.h"
#include "conformance/runner/options/router_options.h"
#include "conformance/runner/outputs.h"
#include "conformance/runner/processors.h"
#include "conformance/runner/repeated_run.h"
#include "conformance/runner/rerun.h"
#include "conformance/runner/suite.h"
#include "conformance/runner/wall_settings.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::runner {
namespace {

namespace fs = std::filesystem;

SuiteSettings SettingsFor(const Options& options, report::Progress& progress, Outputs& outputs,
                          Console& console, OnWall& on_wall) {
  SuiteSettings settings;
  const auto processors = std::make_shared<Processors>();
  settings.make_bench = [&options, &console, processors]() -> std::unique_ptr<Bench> {
    processors->BindThread();
    if (options.router) {
      return std::make_unique<BlackBoxBench>(BlackBoxOf(options));
    }
    LockStepOptions bench = LockStepOf(options);
    bench.await_harness = [&console](const std::string& address) {
      console.err << "waiting for a harness: start it with CMB_CONTROL=" << address
                  << " CMB_INCARNATION=" << kAttached << std::endl;
    };
    return std::make_unique<LockStepBench>(std::move(bench));
  };
  settings.is_waiting = [processors] { processors->Release(); };
  settings.run_case = CaseRunner(on_wall);
  settings.seed = options.seed;
  settings.fail_fast = options.fail_fast;
  settings.jobs = options.jobs != 0 ? options.jobs : std::thread::hardware_concurrency();
  settings.wall_jobs = options.jobs != 0 ? options.jobs : kWallJobs;
  settings.rerun = [&options](const std::string& id) { return Rerun(options, id); };
  settings.case_done = [&progress](const report::CaseRecord& r) { progress.CaseDone(r); };
  if (outputs.WantsTranscripts()) {
    settings.keep_transcript = [&outputs](const report::CaseRecord& record,
                                          const Transcript& transcript) {
      outputs.KeepTranscript(record, transcript);
    };
  }
  return settings;
}

report::RunReport RunCases(const std::vector<scenario::Case>& cases, const Options& options,
                           Outputs& outputs, Console& console, const std::atomic<bool>& stop) {
  report::Progress progress(console.err, console.err_is_terminal, cases.size());
  OnWall on_wall{WallOf(options), {}};
  report::RunReport report =
      RunSuite(cases, SettingsFor(options, progress, outputs, console, on_wall), stop);
  TellClock(on_wall, report);
  return report;
}

std::string Now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

// "sockets", "frames", "headers on stdio".
std::string BindingOf(const Options& options) {
  if (options.router) {
    return "sockets, no harness";
  }
  const control::v1::Binding binding = LockStepOf(options).binding;
  const std::string word = binding == control::v1::BINDING_UNSPECIFIED      ? "sockets"
                           : binding == control::v1::BINDING_INLINE_HEADERS ? "headers"
                                                                            : "frames";
  return word + (options.stdio ? " on stdio" : "");
}

// The options that leave cases out, --shard apart.
std::string SelectionOf(const Options& options) {
  std::vector<std::string> words;
  const auto add = [&words](const char* option, const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      words.insert(words.end(), {option, value});
    }
  };
  add("--run", options.run);
  add("--skip", options.skip);
  add("--role", options.roles);
  add("--profile",
      options.profile.empty() ? std::vector<std::string>() : std::vector{options.profile});
  add("--scenarios", options.scenarios);
  return ShellQuoted(words);
}

void NameTranscripts(const Options& options, report::RunReport& report) {
  for (report::CaseRecord& record : report.cases) {
    const auto path = fs::path(options.transcripts) / TranscriptFileName(record.result.case_id);
    if (!options.transcripts.empty() && fs::exists(path)) {
      record.transcript = path;
    }
  }
}

// Nothing was run at all: one line says why.
bool NeverStarted(const report::RunReport& report) {
  return !report.stopped_because.empty() && report.pics.name().empty() &&
         report::CountOf(report.cases).not_run == report.cases.size();
}

// What is to be run, read and checked before anything starts.
struct Plan {
  Catalog catalog;
  std::vector<scenario::Case> cases;
  std::vector<ExpectedFailure> expected;
};

std::string Unwritable(const std::string& path) {
  return "--expected-failures " + path +
         ": cannot be written; name a file where this user may write";
}

std::variant<Plan, Complaints> PlanOf(const Options& options) {
  auto loaded = LoadCatalog(options);
  if (auto* complaints = std::get_if<Complaints>(&loaded)) {
    return std::move(*complaints);
  }
  Plan plan;
  plan.catalog = std::get<Catalog>(std::move(loaded));
  if (Complaints broken = Broken(plan.catalog); !broken.empty()) {
    return broken;
  }
  auto selected = Select(plan.catalog.loaded.cases, options);
  if (auto* complaints = std::get_if<Complaints>(&selected)) {
    return std::move(*complaints);
  }
  plan.cases = std::get<0>(std::move(selected));
  if (options.expected.empty()) {
    return plan;
  }
  // One that is not there yet is begun here: what cannot be written is told before the run.
  if (options.fix && !std::ofstream(options.expected, std::ios::app)) {
    return Complaints{Unwritable(options.expected)};
  }
  auto expected = ReadExpected(options.expected);
  if (auto* complaints = std::get_if<Complaints>(&expected)) {
    return std::move(*complaints);
  }
  plan.expected = std::get<0>(std::move(expected));
  Complaints unknown = UnknownCases(plan.expected, plan.catalog.loaded.cases);
  if (!unknown.empty()) {
    return unknown;
  }
  return plan;
}

// With --fix the file is written; else its entries are held against the run. Complaints.
Complaints HoldAgainstExpected(const Plan& plan, const Options& options,
                               report::RunReport& report) {
  if (!options.fix) {
    return ApplyExpected(plan.expected, report);
  }
  std::ofstream out(options.expected);
  out << ExpectedText(plan.expected, report);
  if (!out.flush()) {
    return {Unwritable(options.expected)};
  }
  out.close();
  const auto written = ReadExpected(options.expected);
  return ApplyExpected(std::get<0>(written), report);
}

void Print(const report::RunReport& report, const Options& options, const Plan& plan,
           Outputs& outputs, Console& console) {
  report::TerminalOptions terminal;
  terminal.colour = console.out_is_terminal && std::getenv("NO_COLOR") == nullptr;
  terminal.verbose = options.verbose;
  terminal.places = outputs.Write(report, [&plan](const std::string& case_id) {
    return scenario::Effective(plan.catalog.request, case_id);
  });
  if (options.fix) {
    terminal.places.push_back("expected failures: " + options.expected);
  }
  if (NeverStarted(report)) {
    console.err << "cmb-conformance: " << report.stopped_because << '\n'
                << report::StderrText(report.stopped_stderr);
  } else {
    report::WriteTerminal(report, terminal, console.out);
  }
}

}  // namespace

namespace {

// The run command with --mutants.
int RunAllMutants(const Plan& plan, const Options& options, Outputs& outputs, Console& console,
                  const std::atomic<bool>& stop) {
  auto listed = ListMutants(options);
  if (listed.index() == 0) {
    listed = Choose(std::get<0>(std::move(listed)), options);
  }
  if (const auto* complaints = std::get_if<Complaints>(&listed)) {
    return Complain(*complaints, console);
  }
  const auto& mutants = std::get<0>(listed);
  const auto all = RunMutants(mutants, plan.cases, options, stop, [&console](const Killed& one) {
    console.out << LineOf(one) << std::flush;
  });
  if (stop) {
    return kInterrupted;
  }
  const bool is_whole = std::ranges::find(options.mutants, "*") != options.mutants.end();
  const auto without = is_whole ? WithoutMutant(mutants, plan.cases, plan.catalog.requirements)
                                : std::vector<std::string>{};  // Of a part it would say nothing.
  console.out << SummaryOf(all, without);
  outputs.WriteJsonText(JsonOf(all, without));
  const bool survives =
      std::any_of(all.begin(), all.end(), [](const Killed& one) { return one.by.empty(); });
  return CodeWritten(survives ? kFailed : kAllPassed, outputs, console);
}

}  // namespace

int RunCommand(const Options& options, Console& console, const std::atomic<bool>& stop) {
  const auto planned = PlanOf(options);
  if (const auto* complaints = std::get_if<Complaints>(&planned)) {
    return Complain(*complaints, console);
  }
  const Plan& plan = std::get<Plan>(planned);
  Outputs outputs(options);
  if (!outputs.complaints().empty()) {
    return Complain(outputs.complaints(), console);
  }
  if (!options.mutants.empty()) {
    return RunAllMutants(plan, options, outputs, console, stop);
  }
  RepeatedRun runs;
  for (std::uint64_t i = 0; i < options.repeat && !stop; ++i) {
    runs.Add(RunCases(plan.cases, options, outputs, console, stop));
  }
  report::RunReport report = runs.TakeReport();
  report.requirements = plan.catalog.requirements;
  report.command = ShellQuoted(options.iut);
  report.suite = VersionText();
  report.date = Now();
  report.binding = BindingOf(options);
  report.frames_only = options.router.has_value();
  report.selection = SelectionOf(options);
  report.shard = options.shard;
  NameTranscripts(options, report);
  Complaints amiss = HoldAgainstExpected(plan, options, report);
  Print(report, options, plan, outputs, console);
  const Complaints unsteady = runs.Unsteady();
  amiss.insert(amiss.end(), unsteady.begin(), unsteady.end());
  Complain(amiss, console);
  const int code = amiss.empty() ? ExitCode(report) : std::max(ExitCode(report), kFailed);
  return CodeWritten(code, outputs, console);
}

}  // namespace cmb::conformance::runner
