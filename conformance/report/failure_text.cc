#include "conformance/report/failure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "conformance/report/outer_text.h"

namespace cmb::conformance::report {
namespace {

constexpr std::size_t kStderrLines = 20;
constexpr std::size_t kBytesOfLine = 2'000;
constexpr std::size_t kMostConsequences = 5;
constexpr std::size_t kBytesOfConsequence = 400;

// `text` with `indent` before each of its lines, a line end after the last.
std::string Indented(const std::string& text, const std::string& indent) {
  std::istringstream in(text);
  std::string line, out;
  while (std::getline(in, line)) {
    out += indent + line + "\n";
  }
  return out;
}

std::string Labelled(const std::string& label, const std::string& text) {
  const std::string first = fmt::format("    {:<6}", label);
  std::string body = Indented(text.empty() ? "-" : text, std::string(first.size(), ' '));
  return first + body.substr(first.size());
}

std::string MissText(const Miss& miss, const RequirementIndex& requirements) {
  return "  " + SentenceOf(miss.requirement, requirements) + "\n  " + miss.place.Text() + ": " +
         miss.step + "\n" + Labelled("want", miss.want) + Labelled("got", miss.got);
}

std::string CauseText(const Cause& cause, const RequirementIndex& requirements) {
  std::string text;
  if (!cause.requirement.empty()) {
    text += "  " + SentenceOf(cause.requirement, requirements) + "\n";
  }
  text += fmt::format("  {}: {}{}\n", cause.place.Text(), cause.step, WhenText(cause));
  text += cause.IsBreach() ? Labelled("want", Bounded(cause.want)) : "";
  text += Labelled("got", Bounded(cause.got));
  if (cause.more > 0) {
    text += fmt::format("    (+{} more of the same rule)\n", cause.more);
  }
  if (!cause.window.empty()) {
    text += "    in its window:\n";
    for (const std::string& item : cause.window) {
      text += "      " + Cut(item, kBytesOfLine) + "\n";
    }
  }
  return text;
}

// "CMB-OBS-008 at 9000 ms: 'm1': no alert says so".
std::string ShortText(const Cause& cause) {
  return fmt::format("{}at {} ms: {}", cause.requirement.empty() ? "" : cause.requirement + " ",
                     cause.moment.at_ms, Cut(cause.got, kBytesOfConsequence));
}

std::string CausesText(const CaseRecord& record, const RequirementIndex& requirements) {
  std::string text;
  for (std::size_t i = 0; i < record.causes.size(); ++i) {
    if (i == 0) {
      text += CauseText(record.causes[i], requirements);
      continue;
    }
    text += i == 1 ? "  and then, perhaps because of it:\n" : "";
    if (i > kMostConsequences) {
      text += fmt::format("    ... and {} more\n", record.causes.size() - i);
      break;
    }
    text += Indented(ShortText(record.causes[i]), "    ");
  }
  return text;
}

std::string StderrTail(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  const std::size_t skipped = lines.size() - std::min(lines.size(), kStderrLines);
  std::string tail = skipped == 0 ? "" : fmt::format("    ({} lines before)\n", skipped);
  for (std::size_t i = skipped; i < lines.size(); ++i) {
    tail += "    " + Cut(lines[i], kBytesOfLine) + "\n";
  }
  return tail;
}

std::string ReasonText(const CaseRecord& record) {
  return record.result.reason.empty() || !record.causes.empty()
             ? ""
             : fmt::format("  {}\n{}", record.place.Text(), Indented(record.result.reason, "    "));
}

}  // namespace

std::string FailureText(const CaseRecord& record, const RequirementIndex& requirements) {
  std::string text = CausesText(record, requirements);
  text += ReasonText(record);
  if (!record.last_entries.empty()) {
    text += "  last of the transcript (what the IUT did in one step is in no known order):\n";
    for (const std::string& entry : record.last_entries) {
      text += "    " + Cut(entry, kBytesOfLine) + "\n";
    }
  }
  text += StderrText(record.result.iut_stderr);
  return Printable(text + "  again: " + record.rerun + "\n");
}

std::string AdviceText(const Miss& miss, const RequirementIndex& requirements) {
  return Printable(MissText(miss, requirements));
}

std::string StderrText(const std::string& iut_stderr) {
  return iut_stderr.empty() ? ""
                            : Printable("  the IUT wrote to stderr:\n" + StderrTail(iut_stderr));
}

}  // namespace cmb::conformance::report
