#include "conformance/check/check_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/report/outer_text.h"
#include "conformance/report/run_causes.h"

namespace cmb::conformance::check {
namespace {

constexpr std::size_t kThenShown = 5;
constexpr std::size_t kMostLines = 40;  // Of causes.

std::string PlaceOf(const Checked& checked, const oracle::Finding& finding) {
  return fmt::format("{}:{}", checked.file, LineOf(checked, finding));
}

// Of each sentence the first breach only, without that of `first`.
std::string ThenText(const Checked& checked) {
  const auto& findings = checked.findings;
  std::vector<std::string> ids{findings.front().requirement};
  std::string text;
  for (const oracle::Finding& finding : findings) {
    if (std::find(ids.begin(), ids.end(), finding.requirement) != ids.end()) {
      continue;
    }
    ids.push_back(finding.requirement);
    if (ids.size() <= kThenShown + 1) {
      text += fmt::format("{}{} (line {})", text.empty() ? "" : ", ", finding.requirement,
                          LineOf(checked, finding));
    }
  }
  if (ids.size() > kThenShown + 1) {
    text += fmt::format(", {} more", ids.size() - kThenShown - 1);
  }
  return text.empty() ? "" : "  and then: " + text + "\n";
}

// As of a run, whose cases are these recordings.
report::RunReport ReportOf(const std::vector<Checked>& all,
                           const report::RequirementIndex& requirements) {
  report::RunReport run;
  run.requirements = requirements;
  for (const Checked& checked : all) {
    if (!checked.findings.empty()) {
      report::CaseRecord& record = run.cases.emplace_back();
      record.was_run = true;
      record.result.case_id = checked.file;
      record.result.verdict = Verdict::kFail;
      record.causes = checked.causes;
    }
  }
  return run;
}

std::string CountsText(const std::vector<Checked>& all) {
  std::size_t broken = 0, breached = 0;
  for (const Checked& checked : all) {
    broken += checked.broken.empty() ? 0 : 1;
    breached += checked.findings.empty() ? 0 : 1;
  }
  std::string text = report::Counted(all.size(), "recording") + ": " +
                     fmt::format("{} clean", all.size() - broken - breached);
  text += breached == 0 ? "" : fmt::format(", {} with a breach", breached);
  return text + (broken == 0 ? "" : fmt::format(", {} that cannot be read", broken)) + "\n";
}

}  // namespace

std::string BreachText(const Checked& checked, const report::RequirementIndex& requirements) {
  const oracle::Finding& first = checked.findings.front();
  std::string text = fmt::format("FAIL  {}\n  {}\n  {}: rule {}\n", checked.case_id,
                                 report::SentenceOf(first.requirement, requirements),
                                 PlaceOf(checked, first), first.rule);
  if (!checked.first_entry.empty()) {
    text += "    " + checked.first_entry + "\n";
  }
  text += fmt::format("    want  {}\n    got   {}\n", first.holds, first.sentence);
  return report::Printable(text + ThenText(checked));
}

std::string NotesText(const Checked& checked) {
  std::string text;
  for (const std::string& note : checked.notes) {
    text += fmt::format("note  {}: {}\n", checked.file, note);
  }
  return report::Printable(text);
}

std::string Summary(const std::vector<Checked>& all, const report::RequirementIndex& requirements) {
  const report::RunReport run = ReportOf(all, requirements);
  const std::string causes = run.cases.empty() ? ""
                                               : "causes, the most basic first:\n" +
                                                     report::RunCausesText(run, kMostLines) + "\n";
  return causes + report::Printable(CountsText(all));
}

}  // namespace cmb::conformance::check
