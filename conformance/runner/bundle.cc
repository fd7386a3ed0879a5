#include "conformance/runner/bundle.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "conformance/report/failure_text.h"
#include "conformance/report/html_report.h"
#include "conformance/report/json_report.h"
#include "conformance/report/outer_text.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::runner {
namespace {

namespace fs = std::filesystem;
using Recordings = std::map<std::string, std::string>;

// The run as if it had had this case alone.
report::RunReport OfOne(const report::RunReport& report, const report::CaseRecord& record) {
  report::RunReport one = report;
  one.cases = {record};
  one.selection = "--run " + record.result.case_id;
  one.wall_ms = record.wall_ms;
  return one;
}

std::string Readme(const report::RunReport& report, const report::CaseRecord& record) {
  std::ostringstream text;
  text << "# " << record.result.case_id << ": " << VerdictWord(record.result.verdict) << "\n\n"
       << report::Printable(record.result.title) << ". " << report::Printable(report.pics.name())
       << ' ' << report::Printable(report.pics.version()) << ", " << report.suite << ", "
       << report.date << "\n\n```\n"
       << report::FailureText(record, report.requirements) << "```\n";
  return text.str();
}

std::string Html(const report::RunReport& one, const Recordings& recordings) {
  Recordings own;
  if (const auto found = recordings.find(one.cases.front().result.case_id);
      found != recordings.end()) {
    own.insert(*found);
  }
  std::ostringstream out;
  report::WriteHtml(one, own, out);
  return out.str();
}

}  // namespace

bool NeedsBundle(const report::CaseRecord& record) {
  return record.result.verdict != Verdict::kPass && record.result.verdict != Verdict::kUnsupported;
}

std::string BundleFolder(const std::string& directory, const std::string& case_id) {
  return fs::path(directory) / fs::path(TranscriptFileName(case_id)).stem();
}

std::vector<std::string> WriteBundles(
    const std::string& directory, const report::RunReport& report, const Recordings& recordings,
    const std::function<std::string(const std::string& case_id)>& scenario) {
  std::vector<std::string> lost;
  for (const report::CaseRecord& record : report.cases) {
    if (!report::NeedsWords(record)) {
      continue;
    }
    const fs::path folder = BundleFolder(directory, record.result.case_id);
    std::error_code failed;
    fs::create_directories(folder, failed);
    const report::RunReport one = OfOne(report, record);
    for (const auto& [name, text] :
         {std::pair<const char*, std::string>{"README.md", Readme(report, record)},
          {"scenario.yaml", scenario ? scenario(record.result.case_id) : ""},
          {"stderr.txt", record.result.iut_stderr},
          {"report.json", report::JsonText(one, 2) + "\n"},
          {"report.html", Html(one, recordings)}}) {
      std::ofstream out(folder / name);
      out << text;
      if (!out.flush()) {
        lost.push_back(folder / name);
      }
    }
  }
  return lost;
}

}  // namespace cmb::conformance::runner
