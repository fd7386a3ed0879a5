#include "conformance/runner/outputs.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "conformance/report/html_report.h"
#include "conformance/report/json_report.h"
#include "conformance/report/junit.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::runner {

namespace fs = std::filesystem;

Outputs::Outputs(const Options& options) : options_(options) {
  Open("--junit", options.junit, junit_);
  Open("--json", options.json, json_);
  Open("--html", options.html, html_);
  std::error_code failed;
  if (!options.transcripts.empty()) {
    fs::create_directories(options.transcripts, failed);
  }
  if (failed) {
    complaints_.push_back("--transcript " + options.transcripts + ": " + failed.message() +
                          "; name a directory, which is made if it is not there");
  }
}

void Outputs::Open(const char* option, const std::string& path, std::ofstream& file) {
  if (path.empty()) {
    return;
  }
  file.open(path);
  if (!file) {
    const std::error_code cause(errno, std::generic_category());
    complaints_.push_back(std::string(option) + " " + path + ": " + cause.message() +
                          "; name a file in a directory where this user may write");
  }
}

bool Outputs::WantsTranscripts() const {
  return !options_.transcripts.empty() || !options_.html.empty();
}

void Outputs::KeepTranscript(const std::string& case_id, const Transcript& transcript) {
  if (!options_.html.empty()) {
    std::string packed = report::Packed(transcript);
    const std::lock_guard<std::mutex> lock(mutex_);
    recordings_[case_id] = std::move(packed);
  }
  if (options_.transcripts.empty()) {
    return;
  }
  const fs::path path = fs::path(options_.transcripts) / TranscriptFileName(case_id);
  std::ofstream out(path);
  WriteTranscript(transcript, out);
  if (!out.flush()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    lost_.push_back(path.string());
  }
}

std::vector<std::string> Outputs::Write(const report::RunReport& report) {
  std::vector<std::string> places;
  if (!options_.junit.empty()) {
    report::WriteJUnit(report, junit_);
    places.push_back("report: " + options_.junit);
  }
  if (!options_.json.empty()) {
    report::WriteJson(report, json_);
    places.push_back("report: " + options_.json);
  }
  if (!options_.html.empty()) {
    report::WriteHtml(report, recordings_, html_);
    places.push_back("report: " + options_.html);
  }
  if (!options_.transcripts.empty()) {
    places.push_back("transcripts: " + options_.transcripts);
  }
  return places;
}

std::vector<std::string> Outputs::Unwritten() {
  std::vector<std::string> sentences;
  const auto check = [&sentences](const std::string& path, std::ofstream& file) {
    if (!path.empty() && !file.flush()) {
      sentences.push_back("report " + path + ": could not be written in full");
    }
  };
  check(options_.junit, junit_);
  check(options_.json, json_);
  check(options_.html, html_);
  if (!lost_.empty()) {
    sentences.push_back("transcript " + lost_.front() +
                        ": could not be written in full, nor could " +
                        std::to_string(lost_.size() - 1) + " others");
  }
  return sentences;
}

}  // namespace cmb::conformance::runner
