#include "conformance/check/check_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "conformance/report/outer_text.h"
#include "conformance/report/run_report.h"

namespace cmb::conformance::check {
namespace {

constexpr std::size_t kThenShown = 5;

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

struct Cause {
  std::size_t count = 0;
  std::string first;  // Place.
};

std::map<std::string, Cause> CausesOf(const std::vector<Checked>& all) {
  std::map<std::string, Cause> causes;
  for (const Checked& checked : all) {
    if (!checked.findings.empty()) {
      Cause& cause = causes[checked.findings.front().requirement];
      ++cause.count;
      cause.first =
          cause.count == 1 ? PlaceOf(checked, checked.findings.front()) : std::move(cause.first);
    }
  }
  return causes;
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
  const auto causes = CausesOf(all);
  std::vector<std::pair<std::string, Cause>> sorted(causes.begin(), causes.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second.count > b.second.count; });
  std::string text;
  for (const auto& [id, cause] : sorted) {
    text += fmt::format("{}\n  {}, first in {}\n", report::SentenceOf(id, requirements),
                        report::Counted(cause.count, "recording"), cause.first);
  }
  return report::Printable(text + CountsText(all));
}

}  // namespace cmb::conformance::check
