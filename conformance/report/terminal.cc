#include "conformance/report/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <utility>

#include "conformance/report/failure_text.h"

namespace cmb::conformance::report {
namespace {

constexpr char kRed[] = "\x1b[31m";
constexpr char kGreen[] = "\x1b[32m";
constexpr char kYellow[] = "\x1b[33m";
constexpr char kPlain[] = "\x1b[0m";
constexpr std::size_t kProgressWidth = 76;  // Of a terminal of 80 columns.

const char* ColourOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return kGreen;
    case Verdict::kFail:
    case Verdict::kIutCrashed:
      return kRed;
    case Verdict::kHarnessError:
    case Verdict::kInconclusive:
    case Verdict::kUnsupported:
      return kYellow;
  }
  return kPlain;
}

std::string Painted(const std::string& text, Verdict verdict, bool colour) {
  return colour ? ColourOf(verdict) + text + kPlain : text;
}

bool NeedsWords(const CaseRecord& record) {
  return record.was_run && record.result.verdict != Verdict::kPass &&
         record.result.verdict != Verdict::kUnsupported;
}

void WriteFailures(const RunReport& report, bool colour, std::ostream& out) {
  std::vector<const CaseRecord*> bad;
  for (const CaseRecord& record : report.cases) {
    if (NeedsWords(record)) {
      bad.push_back(&record);
    }
  }
  // The weightiest first; within a verdict in the order of the scenarios.
  std::stable_sort(bad.begin(), bad.end(), [](const CaseRecord* a, const CaseRecord* b) {
    return a->result.verdict < b->result.verdict;
  });
  for (const CaseRecord* record : bad) {
    const Verdict verdict = record->result.verdict;
    out << Painted(std::string(VerdictWord(verdict)), verdict, colour) << "  "
        << record->result.case_id << "  (" << record->result.title << ")\n"
        << FailureText(*record, report.requirements) << '\n';
  }
}

void WriteAdvice(const RunReport& report, std::ostream& out) {
  for (const CaseRecord& record : report.cases) {
    for (const Miss& miss : record.result.advice) {
      out << "advice  " << record.result.case_id << '\n'
          << AdviceText(miss, report.requirements) << '\n';
    }
  }
}

std::string VerdictOfScenario(const ScenarioSummary& scenario) {
  return scenario.counts.not_run == scenario.counts.all()
             ? "not run"
             : std::string(VerdictWord(scenario.worst));
}

std::string Cases(const ScenarioSummary& scenario) {
  const std::string text = Counted(scenario.counts.all(), "case");
  const bool all_passed = scenario.worst == Verdict::kPass && scenario.counts.not_run == 0;
  return all_passed || scenario.counts.all() == 1 ? text : text + ": " + scenario.counts.Text();
}

void WriteScenarios(const std::vector<ScenarioSummary>& scenarios, bool colour, std::ostream& out) {
  std::size_t widest = 0;
  for (const ScenarioSummary& scenario : scenarios) {
    widest = std::max(widest, scenario.id.size());
  }
  for (const ScenarioSummary& scenario : scenarios) {
    out << Painted(fmt::format("{:<13}", VerdictOfScenario(scenario)), scenario.worst, colour)
        << fmt::format("  {:<{}}  {}\n", scenario.id, widest, Cases(scenario));
  }
}

void WriteChoices(const RunReport& report, std::ostream& out) {
  std::vector<std::string> lines;
  for (const CaseRecord& record : report.cases) {
    for (const ChoiceTaken& taken : record.result.choices) {
      std::string line = fmt::format("  {}: {}\n", taken.choice, taken.label);
      if (std::find(lines.begin(), lines.end(), line) == lines.end()) {
        lines.push_back(std::move(line));
      }
    }
  }
  if (lines.empty()) {
    return;
  }
  std::sort(lines.begin(), lines.end());
  out << "\nchoices of the implementation:\n";
  for (const std::string& line : lines) {
    out << line;
  }
}

std::string NameOf(const RunReport& report) {
  return report.iut_name.empty() ? "no implementation"  // Interrupted before its Hello.
                                 : Printable(report.iut_name + " " + report.iut_version);
}

// What the implementation does not claim, and how many cases that costs; the costliest first.
void WriteUnsupported(const RunReport& report, std::ostream& out) {
  std::map<std::string, std::uint64_t> cases;
  for (const CaseRecord& record : report.cases) {
    if (record.was_run && record.result.verdict == Verdict::kUnsupported) {
      ++cases[record.result.reason];
    }
  }
  std::vector<std::pair<std::string, std::uint64_t>> groups(cases.begin(), cases.end());
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  out << (groups.empty() ? "" : "\n");
  for (const auto& [reason, count] : groups) {
    out << Counted(count, "case") << " unsupported: " << Printable(reason) << '\n';
  }
}

}  // namespace

void WriteTerminal(const RunReport& report, const TerminalOptions& options, std::ostream& out) {
  WriteFailures(report, options.colour, out);
  WriteAdvice(report, out);
  const std::vector<ScenarioSummary> scenarios = Scenarios(report.cases);
  WriteScenarios(scenarios, options.colour, out);
  WriteChoices(report, out);
  WriteUnsupported(report, out);
  std::uint64_t virtual_ms = 0;
  for (const CaseRecord& record : report.cases) {
    virtual_ms += record.result.virtual_ms;
  }
  out << fmt::format("\n{}: {}, {}: {}\n", NameOf(report), Counted(scenarios.size(), "scenario"),
                     Counted(report.cases.size(), "case"), CountOf(report.cases).Text())
      << fmt::format("{:.1f} min of protocol time in {:.2f} s, seed {}, {}\n",
                     static_cast<double>(virtual_ms) / 60'000.0, report.wall_ms / 1'000.0,
                     report.seed, Counted(report.jobs, "job"));
  if (report.interrupted) {
    out << "interrupted: these results are partial\n";
  }
  if (!report.stopped_because.empty()) {
    out << "stopped: " << Printable(report.stopped_because) << '\n';
  }
  for (const std::string& place : options.places) {
    out << place << '\n';
  }
}

Progress::Progress(std::ostream* out, std::uint64_t total) : out_(out), total_(total) {}

Progress::~Progress() {
  if (out_ != nullptr && done_ > 0) {
    *out_ << '\r' << std::string(kProgressWidth, ' ') << '\r' << std::flush;
  }
}

void Progress::CaseDone(const CaseRecord& record) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++done_;
  bad_ += NeedsWords(record) ? 1 : 0;
  if (out_ == nullptr) {
    return;
  }
  std::string line =
      fmt::format("{}/{}  {} not passed  {}", done_, total_, bad_, record.result.case_id);
  line.resize(kProgressWidth, ' ');
  *out_ << '\r' << line << std::flush;
}

}  // namespace cmb::conformance::report
