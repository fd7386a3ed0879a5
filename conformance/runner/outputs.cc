#include "conformance/runner/outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "conformance/report/html_report.h"
#include "conformance/report/json_report.h"
#include "conformance/report/junit.h"
#include "conformance/report/markdown.h"
#include "conformance/runner/bundle.h"
#include "conformance/runner/exit_code.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::runner {

namespace fs = std::filesystem;

Outputs::Outputs(const Options& options) : options_(options) {
  Open("--junit", options.junit, report::WriteJUnit);
  Open("--json", options.json, report::WriteJson);
  Open("--markdown", options.markdown, report::WriteMarkdown);
  Open("--badge", options.badge, report::WriteBadge);
  Open("--html", options.html, [this](const report::RunReport& report, std::ostream& out) {
    report::WriteHtml(report, recordings_, out);
  });
  MakeFolder("--transcript", options.transcripts);
  MakeFolder("--bundle", options.bundle);
}

void Outputs::MakeFolder(const char* option, const std::string& path) {
  std::error_code failed;
  if (!path.empty()) {
    fs::create_directories(path, failed);
  }
  if (failed) {
    complaints_.push_back(std::string(option) + " " + path + ": " + failed.message() +
                          "; name a directory, which is made if it is not there");
  }
}

void Outputs::Open(const char* option, const std::string& path, Write_ write) {
  if (path.empty()) {
    return;
  }
  std::error_code ignored;
  for (const Sheet& other : sheets_) {
    if (fs::is_regular_file(path, ignored) && fs::equivalent(path, other.path, ignored)) {
      complaints_.push_back(
          fmt::format("{} {}: {} writes that file, too", option, path, other.option));
    }
  }
  Sheet& sheet = sheets_.emplace_back(Sheet{option, path, std::ofstream(path), std::move(write)});
  if (!sheet.file) {
    const std::error_code cause(errno, std::generic_category());
    complaints_.push_back(std::string(option) + " " + path + ": " + cause.message() +
                          "; name a file in a directory where this user may write");
  }
}

bool Outputs::WantsTranscripts() const {
  return !options_.transcripts.empty() || !options_.html.empty() || !options_.bundle.empty();
}

void Outputs::KeepTranscript(const report::CaseRecord& record, const Transcript& transcript) {
  const std::string& id = record.result.case_id;
  const bool is_bundled = !options_.bundle.empty() && NeedsBundle(record);
  const std::string lines = TranscriptLines(transcript);
  if (!options_.html.empty() || is_bundled) {
    std::string packed = report::Packed(lines);
    const std::lock_guard<std::mutex> lock(mutex_);
    recordings_[id] = std::move(packed);
  }
  if (is_bundled) {
    const fs::path folder = BundleFolder(options_.bundle, id);
    std::error_code ignored;  // What is written into it then fails, and is named.
    fs::create_directories(folder, ignored);
    WriteTo(folder / kBundledTranscript, lines);
  }
  if (!options_.transcripts.empty()) {
    WriteTo(fs::path(options_.transcripts) / TranscriptFileName(id), lines);
  }
}

void Outputs::KeepPart(const std::array<std::size_t, 3>& combination, const std::string& part,
                       const Transcript& transcript) {
  const auto& [sender, router, target] = combination;
  const fs::path folder =
      fs::path(options_.transcripts) / fmt::format("{}-{}-{}", sender + 1, router + 1, target + 1);
  std::error_code ignored;  // What is written into it then fails, and is named.
  fs::create_directories(folder, ignored);
  WriteTo(folder / TranscriptFileName(transcript.header.case_id + "." + part),
          TranscriptLines(transcript));
}

void Outputs::WriteTo(const std::string& path, const std::string& lines) {
  std::ofstream out(path);
  out << lines;
  if (!out.flush()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    lost_.push_back(path);
  }
}

std::vector<std::string> Outputs::Write(
    const report::RunReport& report,
    const std::function<std::string(const std::string& case_id)>& scenario) {
  std::vector<std::string> places;
  for (Sheet& sheet : sheets_) {
    sheet.write(report, sheet.file);
    if (sheet.file.flush()) {
      places.push_back("report: " + sheet.path);
    }
  }
  if (!options_.transcripts.empty()) {
    places.push_back("transcripts: " + options_.transcripts);
  }
  if (!options_.bundle.empty()) {
    const auto lost = WriteBundles(options_.bundle, report, recordings_, scenario);
    lost_.insert(lost_.end(), lost.begin(), lost.end());
    places.push_back("bundles: " + options_.bundle);
  }
  return places;
}

void Outputs::WriteJsonText(const std::string& text) {
  for (Sheet& sheet : sheets_) {
    if (sheet.option == "--json") {
      sheet.file << text;
    }
  }
}

std::vector<std::string> Outputs::Unwritten() {
  std::vector<std::string> sentences;
  for (Sheet& sheet : sheets_) {
    if (!sheet.file.flush()) {
      sentences.push_back("report " + sheet.path + ": could not be written in full");
    }
  }
  if (!lost_.empty()) {
    sentences.push_back(
        lost_.front() + ": could not be written in full" +
        (lost_.size() == 1 ? "" : ", nor could " + std::to_string(lost_.size() - 1) + " others"));
  }
  return sentences;
}

int CodeWritten(int code, Outputs& outputs, Console& console) {
  const auto unwritten = outputs.Unwritten();
  Complain(unwritten, console);
  return unwritten.empty() ? code : std::max(code, kInconclusive);
}

}  // namespace cmb::conformance::runner
