#include "conformance/report/failure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace cmb::conformance::report {
namespace {

constexpr std::size_t kStderrLines = 20;

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
  std::string text = "  " + SentenceOf(miss.requirement, requirements) + "\n";
  text += "  " + miss.place.Text() + ": " + miss.step + "\n";
  text += Labelled("want", miss.want) + Labelled("got", miss.got);
  if (!miss.window.empty()) {
    text += "    in its window:\n";
    for (const std::string& item : miss.window) {
      text += Indented(item, "      ");
    }
  }
  return text;
}

std::string FindingText(const oracle::Finding& finding, const CaseRecord& record,
                        const RequirementIndex& requirements) {
  Place place = record.place;
  if (finding.line != 0) {
    place.line = finding.line;
    place.column = 1;
  }
  std::string text = "  " + SentenceOf(finding.requirement, requirements) + "\n";
  text += fmt::format("  {}: rule {} of the oracle{}\n", place.Text(), finding.rule,
                      finding.step == kGivenStep ? ", while `given` was reached" : "");
  return text + Labelled("want", finding.holds) + Labelled("got", finding.sentence);
}

// Of each rule the first finding, and how many more there are.
std::string FindingsText(const CaseRecord& record, const RequirementIndex& requirements) {
  std::map<std::string, std::size_t> count;
  for (const oracle::Finding& finding : record.findings) {
    ++count[finding.rule];
  }
  std::string text;
  for (const oracle::Finding& finding : record.findings) {
    const std::size_t more = count[finding.rule];
    count[finding.rule] = 0;
    if (more > 0) {
      text += FindingText(finding, record, requirements);
    }
    if (more > 1) {
      text += fmt::format("    (+{} more of the same rule)\n", more - 1);
    }
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
    tail += "    " + lines[i] + "\n";
  }
  return tail;
}

std::string ReasonText(const CaseRecord& record) {
  const bool said_already = !record.result.misses.empty() || !record.findings.empty();
  return record.result.reason.empty() || said_already
             ? ""
             : fmt::format("  {}\n{}", record.place.Text(), Indented(record.result.reason, "    "));
}

}  // namespace

std::string FailureText(const CaseRecord& record, const RequirementIndex& requirements) {
  std::string text;
  for (const Miss& miss : record.result.misses) {
    text += MissText(miss, requirements);
  }
  text += FindingsText(record, requirements);
  text += ReasonText(record);
  if (!record.last_entries.empty()) {
    text += "  last of the transcript (what the IUT did in one step is in no known order):\n";
    for (const std::string& entry : record.last_entries) {
      text += "    " + entry + "\n";
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

std::string Printable(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\t' || (byte >= 0x20 && byte != 0x7f)) {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", byte);
    }
  }
  return out;
}

}  // namespace cmb::conformance::report
