// The run command: from options to reports.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <system_error>
#include <thread>

#include "conformance/lower_tester/lock_step_bench.h"
#include "conformance/report/failure_text.h"
#include "conformance/report/json_report.h"
#include "conformance/report/junit.h"
#include "conformance/report/terminal.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"
#include "conformance/runner/processors.h"
#include "conformance/runner/suite.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::runner {
namespace {

namespace fs = std::filesystem;

// The files of the reports, opened before anything runs, so that a bad path is known at once.
struct Outputs {
  std::ofstream junit, json;
  Complaints complaints;

  explicit Outputs(const Options& options) {
    Open("--junit", options.junit, junit);
    Open("--json", options.json, json);
    std::error_code failed;
    if (!options.transcripts.empty()) {
      fs::create_directories(options.transcripts, failed);
    }
    if (failed) {
      complaints.push_back("--transcript " + options.transcripts + ": " + failed.message() +
                           "; name a directory, which is made if it is not there");
    }
  }

  void Open(const char* option, const std::string& path, std::ofstream& file) {
    if (path.empty()) {
      return;
    }
    file.open(path);
    if (!file) {
      const std::error_code cause(errno, std::generic_category());
      complaints.push_back(std::string(option) + " " + path + ": " + cause.message() +
                           "; name a file in a directory where this user may write");
    }
  }
};

std::string Rerun(const Options& options, const std::string& case_id) {
  std::vector<std::string> words{options.program, "run"};
  for (const std::string& path : options.scenarios) {
    words.insert(words.end(), {"--scenarios", path});
  }
  if (!options.spec.empty()) {
    words.insert(words.end(), {"--spec", options.spec});
  }
  words.insert(words.end(), {"--seed", std::to_string(options.seed), "--run", case_id, "--"});
  words.insert(words.end(), options.iut.begin(), options.iut.end());
  return ShellQuoted(words);
}

void KeepTranscript(const std::string& directory, const std::string& case_id,
                    const Transcript& transcript) {
  std::ofstream out(fs::path(directory) / TranscriptFileName(case_id));
  WriteTranscript(transcript, out);
}

SuiteSettings SettingsFor(const Options& options, report::Progress& progress) {
  SuiteSettings settings;
  settings.make_bench = [&options, processors = std::make_shared<Processors>()] {
    processors->BindThread();
    LockStepOptions bench;
    bench.command = options.iut;
    bench.guards.hello = std::chrono::milliseconds(options.hello_ms);
    bench.guards.reply = std::chrono::milliseconds(options.reply_ms);
    return std::make_unique<LockStepBench>(bench);
  };
  settings.run_case = RunCase;
  settings.seed = options.seed;
  settings.jobs = options.jobs != 0 ? options.jobs : std::thread::hardware_concurrency();
  settings.rerun = [&options](const std::string& id) { return Rerun(options, id); };
  settings.case_done = [&progress](const report::CaseRecord& r) { progress.CaseDone(r); };
  if (!options.transcripts.empty()) {
    settings.keep_transcript = [&options](const std::string& id, const Transcript& transcript) {
      KeepTranscript(options.transcripts, id, transcript);
    };
  }
  return settings;
}

report::RunReport RunCases(const std::vector<scenario::Case>& cases, const Options& options,
                           Console& console, const std::atomic<bool>& stop) {
  report::Progress progress(console.err_is_terminal ? &console.err : nullptr, cases.size());
  return RunSuite(cases, SettingsFor(options, progress), stop);
}

std::vector<std::string> WriteFiles(const report::RunReport& report, const Options& options,
                                    Outputs& outputs) {
  std::vector<std::string> places;
  if (!options.junit.empty()) {
    report::WriteJUnit(report, outputs.junit);
    places.push_back("report: " + options.junit);
  }
  if (!options.json.empty()) {
    report::WriteJson(report, outputs.json);
    places.push_back("report: " + options.json);
  }
  if (!options.transcripts.empty()) {
    places.push_back("transcripts: " + options.transcripts);
  }
  return places;
}

// A full disk, for example. Only known when all is written.
bool AllWritten(const Options& options, Outputs& outputs, Console& console) {
  Complaints complaints;
  const auto check = [&complaints](const std::string& path, std::ofstream& file) {
    if (!path.empty() && !file.flush()) {
      complaints.push_back("report " + path + ": could not be written in full");
    }
  };
  check(options.junit, outputs.junit);
  check(options.json, outputs.json);
  Complain(complaints, console);
  return complaints.empty();
}

// Nothing was run at all: one line says why.
bool NeverStarted(const report::RunReport& report) {
  return !report.stopped_because.empty() && report.iut_name.empty() &&
         report::CountOf(report.cases).not_run == report.cases.size();
}

}  // namespace

int RunCommand(const Options& options, Console& console, const std::atomic<bool>& stop) {
  const auto loaded = LoadCatalog(options);
  if (const auto* complaints = std::get_if<Complaints>(&loaded)) {
    return Complain(*complaints, console);
  }
  const auto& catalog = std::get<Catalog>(loaded);
  if (const Complaints broken = Broken(catalog); !broken.empty()) {
    return Complain(broken, console);
  }
  const auto selected = Select(catalog.loaded.cases, options);
  if (const auto* complaints = std::get_if<Complaints>(&selected)) {
    return Complain(*complaints, console);
  }
  Outputs outputs(options);
  if (!outputs.complaints.empty()) {
    return Complain(outputs.complaints, console);
  }
  report::RunReport report = RunCases(std::get<0>(selected), options, console, stop);
  report.requirements = catalog.requirements;
  report.command = ShellQuoted(options.iut);
  report::TerminalOptions terminal;
  terminal.colour = console.out_is_terminal && std::getenv("NO_COLOR") == nullptr;
  terminal.verbose = options.verbose;
  terminal.places = WriteFiles(report, options, outputs);
  if (NeverStarted(report)) {
    console.err << "cmb-conformance: " << report.stopped_because << '\n'
                << report::StderrText(report.stopped_stderr);
  } else {
    report::WriteTerminal(report, terminal, console.out);
  }
  const int code = ExitCode(report);
  return AllWritten(options, outputs, console) ? code : std::max(code, kInconclusive);
}

}  // namespace cmb::conformance::runner
