// The files of a run: opened before anything runs, so that a bad path is known at once, and looked
// at when all is written, since a full disk shows only then. Owned by the run command.
// KeepTranscript from any thread, the rest from one.
#pragma once

#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/report/run_report.h"
#include "conformance/runner/options/options.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::runner {

class Outputs {
 public:
  explicit Outputs(const Options& options);

  // Of paths that cannot be used. Empty: all can.
  const std::vector<std::string>& complaints() const { return complaints_; }

  // Whether anybody wants recordings.
  bool WantsTranscripts() const;
  void KeepTranscript(const std::string& case_id, const Transcript& transcript);

  // Writes every report that is wanted; where each is.
  std::vector<std::string> Write(const report::RunReport& report);
  // In place of the JSON report.
  void WriteJsonText(const std::string& text) { json_ << text; }
  // What could not be written in full.
  std::vector<std::string> Unwritten();

 private:
  void Open(const char* option, const std::string& path, std::ofstream& file);

  const Options& options_;
  std::ofstream junit_, json_, html_;
  std::vector<std::string> complaints_;
  std::mutex mutex_;
  std::map<std::string, std::string> recordings_;  // For the HTML report.
  std::vector<std::string> lost_;                  // Transcripts that could not be written.
};

}  // namespace cmb::conformance::runner
