#include "conformance/report/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "conformance/report/outer_text.h"
#include "conformance/report/roll_up.h"
#include "conformance/report/run_causes.h"

namespace cmb::conformance::report {
namespace {

constexpr std::size_t kMostCauses = 20;
constexpr std::size_t kMostBytes = 300;  // Of one text in a table.

// One line that Markdown shows as it is.
std::string Inert(const std::string& text) {
  std::string line;
  for (const char letter : Cut(text, kMostBytes)) {
    if (letter == '@') {
      line += "&#64;";  // A backslash does not keep it from being a mention.
    } else {
      line += std::string("\\`*_{}[]()<>#|~!&:").find(letter) == std::string::npos
                  ? std::string(1, letter)
                  : std::string("\\") + letter;
    }
  }
  return line;
}

// In backquotes, which nothing in it ends.
std::string Code(const std::string& text) {
  std::string line = Cut(text, kMostBytes);
  std::replace(line.begin(), line.end(), '`', '\'');
  std::string inert;
  for (const char letter : line) {
    inert += letter == '|' ? std::string("\\|") : std::string(1, letter);
  }
  return "`" + inert + "`";
}

std::string Title(const RunReport& report) {
  return report.pics.name().empty() ? "no implementation"
                                    : Inert(report.pics.name() + " " + report.pics.version());
}

// A row for each profile of which there was a case; the roles of which there was none in a line.
void WriteProfiles(const RunReport& report, std::ostream& out) {
  std::set<std::string> run, idle;
  for (const ProfileResult& one : ProfileResults(report)) {
    if (one.counts.all() == 0) {
      idle.insert(one.role);
      continue;
    }
    out << (run.empty() ? "\n| role | profile | verdict | cases |\n|---|---|---|---|\n" : "");
    run.insert(one.role);
    out << fmt::format("| {} | {} | **{}** | {} |\n", one.role, one.profile, one.verdict,
                       one.counts.Text());
  }
  std::erase_if(idle, [&run](const std::string& role) { return run.contains(role); });
  if (!idle.empty()) {
    out << fmt::format("\nNo verdict as {}: no case of it was run.\n", fmt::join(idle, ", "));
  }
}

void WriteCauses(const RunReport& report, std::ostream& out) {
  const auto causes = RunCauses(report);
  if (causes.empty()) {
    return;
  }
  out << "\n### Causes, the most basic first\n\n| cases | what is wrong | for example "
         "|\n|---|---|---|\n";
  for (std::size_t i = 0; i < std::min(causes.size(), kMostCauses); ++i) {
    const RunCause& cause = causes[i];
    const std::string what = cause.requirement.empty()
                                 ? cause.example->result.reason
                                 : SentenceOf(cause.requirement, report.requirements);
    out << fmt::format("| {} | {} | {} |\n", cause.cases.size(), Inert(what),
                       Code(cause.example->result.case_id));
  }
  if (causes.size() > kMostCauses) {
    out << fmt::format("\n… and {} more.\n", causes.size() - kMostCauses);
  }
  out << "\nAgain: " << Code(causes.front().example->rerun) << '\n';
}

// What a badge says, and how good that is.
struct Badge {
  std::string message, color;
};

// "target TRACKED": the highest profile of each role that passed.
std::vector<std::string> Passed(const std::vector<ProfileResult>& profiles) {
  std::vector<std::string> passed;
  std::string role;
  for (const ProfileResult& one : profiles) {
    if (one.verdict != "pass") {
      continue;
    }
    if (one.role == role) {
      passed.pop_back();
    }
    role = one.role;
    passed.push_back(one.role + " " + one.profile);
  }
  return passed;
}

Badge BadgeOf(const RunReport& report) {
  const auto profiles = ProfileResults(report);
  const Counts counts = CountOf(report.cases);
  const auto any = [&profiles](const char* verdict) {
    return std::ranges::any_of(profiles, [&](const auto& one) { return one.verdict == verdict; });
  };
  if (any("fail")) {
    const std::uint64_t failed = counts.fail + counts.iut_crashed + counts.expected;
    return {fmt::format("{} of {} failed", failed, counts.all() - counts.unsupported), "red"};
  }
  const std::uint64_t open =
      counts.no_answer + counts.harness_error + counts.inconclusive + counts.not_run;
  if (any("partial") && open == 0 && report.stopped_because.empty()) {
    return {fmt::format("{} passed, of a part", counts.pass), "yellow"};
  }
  if (profiles.empty() || !report.stopped_because.empty() || any("no verdict")) {
    return {"no verdict", "lightgrey"};
  }
  return {fmt::format("{}", fmt::join(Passed(profiles), ", ")), "brightgreen"};
}

}  // namespace

void WriteMarkdown(const RunReport& report, std::ostream& out) {
  out << fmt::format("## Conformance of {}: {}\n", Title(report), CountOf(report.cases).Text());
  if (report.interrupted) {
    out << "\n**Interrupted: this is a part.**\n";
  }
  if (!report.stopped_because.empty()) {
    out << "\n**Ended early:** " << Inert(report.stopped_because) << '\n';
  }
  WriteProfiles(report, out);
  WriteCauses(report, out);
  out << fmt::format("\n{}, {}, {} clock{}\n", Inert(report.suite), Inert(report.binding),
                     report.clock,
                     report.selection.empty() ? "" : ", only " + Code(report.selection));
}

void WriteBadge(const RunReport& report, std::ostream& out) {
  const Badge badge = BadgeOf(report);
  out << nlohmann::ordered_json{{"schemaVersion", 1},
                                {"label", "CMB-ACK"},
                                {"message", badge.message},
                                {"color", badge.color}}
             .dump(2)
      << '\n';
}

}  // namespace cmb::conformance::report
