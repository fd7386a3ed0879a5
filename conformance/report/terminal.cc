#include "conformance/report/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <set>
#include <utility>

#include "conformance/report/failure_text.h"
#include "conformance/report/outer_text.h"
#include "conformance/report/run_causes.h"

namespace cmb::conformance::report {
namespace {

constexpr char kRed[] = "\x1b[31m";
constexpr char kGreen[] = "\x1b[32m";
constexpr char kYellow[] = "\x1b[33m";
constexpr char kPlain[] = "\x1b[0m";
// An implementation with six causes has a page of 40 lines.
constexpr std::size_t kMostCauseLines = 31;
constexpr std::size_t kMostShortLines = 2;
constexpr std::size_t kLineBytes = 200;
constexpr std::size_t kProgressWidth = 76;  // Of a terminal of 80 columns.

const char* ColourOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return kGreen;
    case Verdict::kFail:
    case Verdict::kIutCrashed:
      return kRed;
    case Verdict::kNoAnswer:
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

// Of each advice one line, at most so many.
void WriteAdviceInShort(const RunReport& report, std::ostream& out) {
  std::map<std::string, std::pair<std::uint64_t, std::string>> advice;
  for (const CaseRecord& record : report.cases) {
    for (const Miss& miss : record.result.advice) {
      auto& [count, first] = advice[miss.requirement];
      first = count++ == 0 ? record.result.case_id : first;
    }
  }
  std::size_t left = kMostShortLines;
  for (const auto& [id, missed] : advice) {
    if (left-- == 0) {
      out << fmt::format("... and {} more advices\n", advice.size() - kMostShortLines);
      return;
    }
    out << Cut(fmt::format("advice: {} in {}, first in {}", id, Counted(missed.first, "case"),
                           missed.second),
               kLineBytes)
        << '\n';
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
  std::set<std::string> choices;
  for (const CaseRecord& record : report.cases) {
    for (const ChoiceTaken& taken : record.result.choices) {
      choices.insert(taken.choice + " " + taken.label);
    }
  }
  if (!choices.empty()) {
    out << fmt::format("choices of the implementation: {}\n", fmt::join(choices, ", "));
  }
}

std::string NameOf(const RunReport& report) {
  return report.pics.name().empty() ? "no implementation"  // Interrupted before its Hello.
                                    : Printable(report.pics.name() + " " + report.pics.version());
}

// Why cases were left out, and which they are; the costliest first.
using Groups = std::vector<std::pair<std::string, std::vector<std::string>>>;
Groups Unsupported(const RunReport& report) {
  std::map<std::string, std::vector<std::string>> cases;
  for (const CaseRecord& record : report.cases) {
    if (record.was_run && record.result.verdict == Verdict::kUnsupported) {
      cases[record.result.reason].push_back(record.result.case_id);
    }
  }
  Groups groups(cases.begin(), cases.end());
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  return groups;
}

void WriteUnsupported(const RunReport& report, std::ostream& out) {
  for (const auto& [reason, cases] : Unsupported(report)) {
    out << Counted(cases.size(), "case") << " unsupported: " << Cut(reason, kLineBytes) << '\n';
  }
}

// Of a router without a harness, what is not told is as much as what is.
void WriteUnobserved(const RunReport& report, bool verbose, std::ostream& out) {
  out << fmt::format("could not be observed: {}\n",
                     Counted(CountOf(report.cases).unsupported, "case"));
  for (const auto& [reason, cases] : Unsupported(report)) {
    out << fmt::format("  {:>4}  {}\n", cases.size(), Cut(reason, kLineBytes));
    for (const std::string& id : verbose ? cases : std::vector<std::string>()) {
      out << "          " << id << '\n';
    }
  }
}

}  // namespace

namespace {

void WriteSummary(const RunReport& report, const TerminalOptions& options, std::ostream& out) {
  std::uint64_t virtual_ms = 0;
  for (const CaseRecord& record : report.cases) {
    virtual_ms += record.result.virtual_ms;
  }
  out << fmt::format("{}: {}, {}: {}\n", NameOf(report),
                     Counted(Scenarios(report.cases).size(), "scenario"),
                     Counted(report.cases.size(), "case"), CountOf(report.cases).Text())
      << fmt::format("{:.1f} min of protocol time in {:.2f} s, seed {}, {}\n",
                     static_cast<double>(virtual_ms) / 60'000.0, report.wall_ms / 1'000.0,
                     report.seed, Counted(report.jobs, "job"));
  if (report.slack) {
    out << fmt::format(
        "wall clock: {} over {} ms at the latest, 99 in 100 within {} ms, of {} ms allowed; {}\n",
        Counted(report.slack->instants, "instant"), report.slack->max_ms, report.slack->p99_ms,
        report.slack->grace_ms, Counted(report.slack->repeats, "repetition"));
  }
  if (report.interrupted) {
    out << "interrupted: these results are partial\n";
  }
  if (!report.stopped_because.empty()) {
    out << "stopped: " << Cut(report.stopped_because, kLineBytes) << '\n';
  }
  for (const std::string& place : options.places) {
    out << place << '\n';
  }
}

void WriteEachCase(const RunReport& report, const TerminalOptions& options, std::ostream& out) {
  WriteFailures(report, options.colour, out);
  WriteAdvice(report, out);
  WriteScenarios(Scenarios(report.cases), options.colour, out);
  out << '\n';
}

void WriteCauses(const RunReport& report, bool colour, std::ostream& out) {
  const std::string causes = RunCausesText(report, kMostCauseLines);
  if (causes.empty()) {
    return;
  }
  out << Painted("causes, the most basic first:", Verdict::kFail, colour) << '\n' << causes << '\n';
}

void WriteHint(const RunReport& report, bool verbose, std::ostream& out) {
  const auto bad = std::find_if(report.cases.begin(), report.cases.end(), NeedsWords);
  if (bad == report.cases.end()) {
    return;
  }
  const auto blamed = Blamed(*RunCauses(report).front().example);
  out << (verbose ? "" : "--verbose shows each case")
      << (blamed.empty() ? ""
                         : (verbose ? "" : "; ") + ("explain " + blamed.front()) +
                               " shows the sentence and who checks it")
      << '\n';
}

}  // namespace

void WriteTerminal(const RunReport& report, const TerminalOptions& options, std::ostream& out) {
  if (options.verbose) {
    WriteEachCase(report, options, out);
  }
  WriteCauses(report, options.colour, out);
  if (!options.verbose) {
    WriteAdviceInShort(report, out);
  }
  WriteChoices(report, out);
  if (report.frames_only) {
    WriteUnobserved(report, options.verbose, out);
  } else if (options.verbose ||
             std::none_of(report.cases.begin(), report.cases.end(), NeedsWords)) {
    WriteUnsupported(report, out);  // Beside what is wrong their number is enough.
  }
  WriteSummary(report, options, out);
  WriteHint(report, options.verbose, out);
}

void Progress::CaseDone(const CaseRecord& record) {
  const std::uint64_t done = ++done_;
  bad_ += NeedsWords(record) ? 1 : 0;
  line_.Say([&] {
    const std::string text =
        fmt::format("{}/{}  {} not passed  {}", done, total_, bad_.load(), record.result.case_id);
    return text.substr(0, kProgressWidth);
  });
}

}  // namespace cmb::conformance::report
