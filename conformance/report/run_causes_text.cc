// The causes of a run as text: how many lines each may have, and what they say.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

#include "conformance/report/failure_text.h"
#include "conformance/report/outer_text.h"
#include "conformance/report/run_causes.h"

namespace cmb::conformance::report {
namespace {

constexpr std::size_t kMostBytesOfLine = 160;
constexpr std::size_t kMostUnder = 5;
constexpr std::size_t kWidth = 110;
constexpr std::size_t kLinesOfTheRest = 3;  // Of all others together.

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return Cut(Printable(text), kMostBytesOfLine);
}

// "sender/plain-path@a=b:9".
std::string PlaceOf(const CaseRecord& record) {
  const int line = record.causes.empty() ? record.place.line : record.causes.front().place.line;
  return record.result.case_id + (line == 0 ? "" : ":" + std::to_string(line));
}

std::string CasesText(const RunCause& cause) {
  return cause.cases.size() == 1
             ? "1 case, " + PlaceOf(*cause.example)
             : Counted(cause.cases.size(), "case") + ", first in " + PlaceOf(*cause.example);
}

std::string NameOf(const RunCause& cause, const RequirementIndex& requirements) {
  const Requirement* requirement = requirements.Find(cause.requirement);
  const std::string verdict = cause.verdict == Verdict::kFail
                                  ? std::string()
                                  : std::string(VerdictWord(cause.verdict)) + ": ";
  if (cause.verdict != Verdict::kFail) {
    return verdict + cause.example->result.reason;
  }
  return cause.requirement + (requirement == nullptr ? "" : ": " + requirement->sentence);
}

std::string UnderText(const RunCause& cause) {
  std::string text;
  for (std::size_t i = 0; i < cause.under.size() && i < kMostUnder; ++i) {
    text += (i == 0 ? "" : ", ") + cause.under[i].first + " (" +
            Counted(cause.under[i].second, "case") + ")";
  }
  return text + (cause.under.size() > kMostUnder
                     ? fmt::format(" and {} more", cause.under.size() - kMostUnder)
                     : "");
}

// A sentence in lines of a bounded width, those after the first indented.
std::string Wrapped(const std::string& sentence) {
  std::istringstream words(Printable(sentence));
  std::string text, line, word;
  while (words >> word) {
    if (line.size() + 1 + word.size() > kWidth) {
      text += line + "\n";
      line = "     ";
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return text + line + "\n";
}

// Of what only ended: the last that the IUT wrote says why.
std::string LastWords(const RunCause& cause) {
  std::string words = cause.example->result.iut_stderr;
  words.erase(words.find_last_not_of(" \r\n") + 1);
  const std::size_t end = words.rfind('\n');
  words.erase(0, end == std::string::npos ? 0 : end + 1);
  return words.empty() ? "" : "  stderr ends with: " + OneLine(words) + "\n";
}

std::string InFull(const RunCause& cause, const RequirementIndex& requirements) {
  std::string text = Wrapped(NameOf(cause, requirements)) + "  " + CasesText(cause);
  if (!cause.example->causes.empty()) {
    const Cause& first = cause.example->causes.front();
    text += WhenText(first) + ": " + OneLine(first.step) + "\n";
    text += first.IsBreach() ? "  want  " + OneLine(first.want) + "\n" : "";
    text += first.IsBreach() ? "  got   " + OneLine(first.got) + "\n" : LastWords(cause);
  } else {
    text += "\n";
  }
  return text + (cause.under.empty() ? "" : "  explains " + UnderText(cause) + "\n");
}

std::string InShort(const RunCause& cause, const RequirementIndex& requirements) {
  const std::string id = cause.verdict == Verdict::kFail
                             ? cause.requirement
                             : Cut(NameOf(cause, requirements), kMostBytesOfLine / 2);
  return fmt::format("{} ({})", id, cause.cases.size());
}

std::size_t LinesOf(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Those that most cases have, as many as have room.
std::map<const RunCause*, std::string> Largest(const std::vector<RunCause>& causes,
                                               const RequirementIndex& requirements,
                                               std::size_t most_lines) {
  std::vector<const RunCause*> sorted;
  for (const RunCause& cause : causes) {
    sorted.push_back(&cause);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const RunCause* a, const RunCause* b) {
    return a->cases.size() > b->cases.size();
  });
  std::map<const RunCause*, std::string> texts;
  std::size_t left = most_lines;
  for (const RunCause* cause : sorted) {
    std::string text = InFull(*cause, requirements);
    const bool last = texts.size() + 1 == sorted.size();
    const std::size_t needed = LinesOf(text) + (last ? 0 : kLinesOfTheRest + 1);
    if (needed > left) {
      break;
    }
    left -= LinesOf(text);
    texts.emplace(cause, std::move(text));
  }
  return texts;
}

// Words with commas, in lines of a bounded width and number.
std::string Lines(const std::vector<std::string>& words, std::size_t most_lines) {
  std::string text, line = " ";
  std::size_t lines = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = " " + words[i] + (i + 1 < words.size() ? "," : "");
    if (line.size() + word.size() > kWidth) {
      if (++lines == most_lines) {
        return text + line + fmt::format(" and {} more\n", words.size() - i);
      }
      text += line + "\n";
      line = " ";
    }
    line += word;
  }
  return text + line + "\n";
}

}  // namespace

std::string RunCausesText(const RunReport& report, std::size_t most_lines) {
  const std::vector<RunCause> causes = RunCauses(report);
  const auto in_full = Largest(causes, report.requirements, most_lines);
  std::string text;
  std::vector<std::string> others;
  for (const RunCause& cause : causes) {
    const auto found = in_full.find(&cause);
    if (found != in_full.end()) {
      text += found->second;
    } else {
      others.push_back(InShort(cause, report.requirements));
    }
  }
  if (!others.empty()) {
    text += fmt::format("{} in fewer cases (how many), perhaps because of these:\n",
                        Counted(others.size(), "cause")) +
            Lines(others, kLinesOfTheRest);
  }
  return text;
}

}  // namespace cmb::conformance::report
