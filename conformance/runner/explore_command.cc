// The explore command: what is drawn, how far it is, and what was found.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <system_error>
#include <thread>

#include "conformance/explore/explorer.h"
#include "conformance/explore/kept_file.h"
#include "conformance/lower_tester/lock_step_bench.h"
#include "conformance/report/outer_text.h"
#include "conformance/report/progress_line.h"
#include "conformance/report/run_report.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"
#include "conformance/runner/options/iut_options.h"

namespace cmb::conformance::runner {
namespace {

namespace fs = std::filesystem;
using explore::Explored;
using explore::Found;

std::string HowFar(const Explored& explored) {
  return fmt::format("{}, {} failed; {}", report::Counted(explored.run(), "scenario"),
                     explored.failed, explored.CoverageText());
}

class Keeping {
 public:
  Keeping(const Options& options, Console& console, const scenario::Knowledge& knowledge)
      : options_(options), console_(console), knowledge_(knowledge) {}

  void operator()(const Found& found) {
    const std::string text = FileTextOf(found, options_.seed, knowledge_);
    console_.out << fmt::format(
        "{}: {} {}\n  {}\n  {}\n  {} of {} steps are left; failed {} of {} times\n", found.id,
        VerdictWord(found.outcome.verdict), found.outcome.requirement,
        report::Printable(found.outcome.row), report::Printable(found.outcome.sentence),
        explore::StepsOf(found.small.document), found.steps_before, found.confirmed,
        explore::kConfirmations);
    Write(found, text);
    console_.out << std::endl;
  }

  bool all_written() const { return all_written_; }

 private:
  void Write(const Found& found, const std::string& text) {
    if (options_.save.empty()) {
      console_.out << text;
      return;
    }
    const fs::path path = fs::path(options_.save) / "explore" / FileNameOf(found);
    std::ofstream out(path);
    out << text;
    if (!out.flush()) {
      all_written_ = false;
      console_.err << "cmb-conformance: " << path.string() << " could not be written\n";
    }
    std::vector<std::string> again{options_.program, "run", "--scenarios", path.string(), "--"};
    again.insert(again.end(), options_.iut.begin(), options_.iut.end());
    console_.out << "  again: " << ShellQuoted(again) << '\n';
  }

  const Options& options_;
  Console& console_;
  const scenario::Knowledge& knowledge_;
  bool all_written_ = true;
};

void Summarise(const Explored& explored, const Options& options, Console& console) {
  if (explored.iut_name.empty() && explored.run() == 0) {
    return;  // It never began.
  }
  console.out << fmt::format(
      "{}: {} judged, {} passed, {} failed, {} inconclusive, {} refused; seed {}\n",
      report::Printable(explored.iut_name), report::Counted(explored.run(), "scenario"),
      explored.passed, explored.failed, explored.inconclusive, explored.refused, options.seed);
  console.out << explored.CoverageText() << '\n';
  if (!explored.found.empty()) {
    console.out << report::Counted(explored.found.size(), "different failure") << '\n';
  }
}

int CodeOf(const Explored& explored) {
  if (explored.interrupted) {
    return kInterrupted;
  }
  if (explored.failed > 0) {
    return kFailed;
  }
  return explored.passed > 0 && explored.stopped_because.empty() ? kAllPassed : kInconclusive;
}

explore::ExploreSettings SettingsFor(const Options& options, const scenario::Knowledge& knowledge) {
  explore::ExploreSettings settings;
  settings.make_bench = [&options] { return std::make_unique<LockStepBench>(LockStepOf(options)); };
  settings.knowledge = knowledge;
  settings.seed = options.seed;
  settings.cases = options.cases;
  settings.roles = options.roles;
  settings.fills = LockStepOf(options).binding != control::v1::BINDING_UNSPECIFIED;
  settings.jobs = options.jobs != 0 ? options.jobs : std::thread::hardware_concurrency();
  if (options.minutes != 0) {
    settings.time = std::chrono::minutes(options.minutes);
  }
  return settings;
}

Complaints PrepareFolder(const Options& options) {
  std::error_code failed;
  if (!options.save.empty()) {
    fs::create_directories(fs::path(options.save) / "explore", failed);
  }
  return failed ? Complaints{"--save " + options.save + ": " + failed.message()} : Complaints{};
}

}  // namespace

int ExploreCommand(const Options& options, Console& console, const std::atomic<bool>& stop) {
  const std::string spec = FindPlaces(options).spec;
  std::vector<scenario::Diagnostic> errors;
  const scenario::Knowledge knowledge =
      scenario::ReadKnowledge(spec + "/requirements.json", spec + "/choices.yaml", &errors);
  Complaints complaints = PrepareFolder(options);
  for (const scenario::Diagnostic& error : errors) {
    complaints.push_back(ToString(error));
  }
  if (!complaints.empty()) {
    return Complain(complaints, console);
  }
  report::ProgressLine line(console.err, console.err_is_terminal);
  Keeping keeping(options, console, knowledge);
  explore::ExploreSettings settings = SettingsFor(options, knowledge);
  settings.progress = [&](const Explored& explored) { line.Say([&] { return HowFar(explored); }); };
  settings.found = [&](const Found& found) {
    line.Clear();
    keeping(found);
  };
  const Explored explored = explore::Explore(settings, stop);
  line.Clear();
  if (!explored.stopped_because.empty()) {
    console.err << "cmb-conformance: " << explored.stopped_because << '\n';
  }
  Summarise(explored, options, console);
  const int code = CodeOf(explored);
  return keeping.all_written() ? code : std::max(code, kInconclusive);
}

}  // namespace cmb::conformance::runner
