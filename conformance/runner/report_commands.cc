// The commands that take reports: merge and diff.
#include <cstdlib>
#include <ostream>

#include "conformance/report/comparison.h"
#include "conformance/report/json_reading.h"
#include "conformance/report/merged.h"
#include "conformance/report/terminal.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"
#include "conformance/runner/outputs.h"

namespace cmb::conformance::runner {
namespace {

// Every file is read, so that all that is wrong is said at once.
std::variant<std::vector<report::RunReport>, Complaints> ReadAll(
    const std::vector<std::string>& paths) {
  std::vector<report::RunReport> reports;
  Complaints complaints;
  for (const std::string& path : paths) {
    auto read = report::ReadJson(path);
    if (auto* report = std::get_if<report::RunReport>(&read)) {
      reports.push_back(std::move(*report));
    } else {
      complaints.push_back(std::get<std::string>(std::move(read)));
    }
  }
  if (!complaints.empty()) {
    return complaints;
  }
  return reports;
}

}  // namespace

int MergeCommand(const Options& options, Console& console) {
  auto read = ReadAll(options.paths);
  if (const auto* complaints = std::get_if<Complaints>(&read)) {
    return Complain(*complaints, console);
  }
  auto merged = report::Merged(std::get<0>(std::move(read)), options.paths);
  if (const auto* sentence = std::get_if<std::string>(&merged)) {
    return Complain({*sentence}, console);
  }
  auto& report = std::get<report::RunReport>(merged);
  auto requirements = report::ReadRequirements(FindPlaces(options).spec + "/requirements.json");
  if (const auto* sentence = std::get_if<std::string>(&requirements)) {
    return Complain({*sentence + "; --spec names the directory of the specification"}, console);
  }
  report.requirements = std::get<report::RequirementIndex>(std::move(requirements));
  Outputs outputs(options);
  if (!outputs.complaints().empty()) {
    return Complain(outputs.complaints(), console);
  }
  report::TerminalOptions terminal;
  terminal.colour = console.out_is_terminal && std::getenv("NO_COLOR") == nullptr;
  terminal.verbose = options.verbose;
  terminal.places = outputs.Write(report);
  report::WriteTerminal(report, terminal, console.out);
  if (!report.shard.empty()) {
    console.err << "cmb-conformance: these are parts of a run, not all of it: " << report.shard
                << '\n';
  }
  return CodeWritten(ExitCode(report), outputs, console);
}

int DiffCommand(const Options& options, Console& console) {
  const auto read = ReadAll(options.paths);
  if (const auto* complaints = std::get_if<Complaints>(&read)) {
    return Complain(*complaints, console);
  }
  const auto& reports = std::get<0>(read);
  const report::Comparison comparison = report::Compare(reports.front(), reports.back());
  console.out << report::ComparisonText(comparison);
  return comparison.worse.empty() ? kAllPassed : kFailed;
}

}  // namespace cmb::conformance::runner
