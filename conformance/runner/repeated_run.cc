#include "conformance/runner/repeated_run.h"

#include <fmt/format.h>

#include <utility>

#include "conformance/runner/expected_failures.h"

namespace cmb::conformance::runner {
namespace {

std::string EndingOf(const report::CaseRecord& record) {
  const std::string verdict(VerdictWord(record.result.verdict));
  return report::NeedsWords(record) ? verdict + ", " + BlameOf(record) : verdict;
}

}  // namespace

void RepeatedRun::Add(report::RunReport report) {
  for (const report::CaseRecord& record : report.cases) {
    if (record.was_run) {
      ++endings_[record.result.case_id][EndingOf(record)];
    }
  }
  if (!std::exchange(any_, true)) {
    report_ = std::move(report);
    return;
  }
  for (std::size_t i = 0; i < report.cases.size(); ++i) {
    report::CaseRecord& kept = report_.cases[i];
    report::CaseRecord& next = report.cases[i];
    if (next.was_run && (!kept.was_run || next.result.verdict < kept.result.verdict)) {
      kept = std::move(next);
    }
  }
  report_.interrupted |= report.interrupted;
  report_.wall_ms += report.wall_ms;
  if (report_.stopped_because.empty()) {
    report_.stopped_because = report.stopped_because;
    report_.stopped_stderr = report.stopped_stderr;
  }
}

std::vector<std::string> RepeatedRun::Unsteady() const {
  std::vector<std::string> lines;
  for (const auto& [case_id, endings] : endings_) {
    if (endings.size() < 2) {
      continue;
    }
    std::string line = case_id + " is unsteady:";
    for (const auto& [ending, times] : endings) {
      line += fmt::format("{} {} ({})", line.back() == ':' ? "" : ";", ending,
                          times == 1 ? "once" : fmt::format("{} times", times));
    }
    lines.push_back(line);
  }
  return lines;
}

}  // namespace cmb::conformance::runner
