// The files of a run: opened before anything runs, so that a bad path is known at once, and looked
// at when all is written, since a full disk shows only then. Owned by the commands that report.
// KeepTranscript from any thread, the rest from one.
#pragma once

#include <array>
#include <cstddef>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/report/run_report.h"
#include "conformance/runner/commands.h"
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
  // `record`: as its case ended. What the case left where --bundle wants it is kept too.
  void KeepTranscript(const report::CaseRecord& record, const Transcript& transcript);

  // Of a system: each part of each case, in a folder for each combination, whose implementations
  // are numbered in the order of the command line, as in 1-1-2.
  void KeepPart(const std::array<std::size_t, 3>& combination, const std::string& part,
                const Transcript& transcript);

  // Writes every report that is wanted; where each is. `scenario` gives a case as a document.
  std::vector<std::string> Write(
      const report::RunReport& report,
      const std::function<std::string(const std::string& case_id)>& scenario = {});
  // In place of the JSON report.
  void WriteJsonText(const std::string& text);
  // What could not be written in full.
  std::vector<std::string> Unwritten();

 private:
  using Write_ = std::function<void(const report::RunReport&, std::ostream&)>;
  // One report in one file.
  struct Sheet {
    std::string option, path;
    std::ofstream file;
    Write_ write;
  };

  void Open(const char* option, const std::string& path, Write_ write);
  void MakeFolder(const char* option, const std::string& path);
  void WriteTo(const std::string& path, const std::string& lines);

  const Options& options_;
  std::vector<Sheet> sheets_;
  std::vector<std::string> complaints_;
  std::mutex mutex_;
  std::map<std::string, std::string> recordings_;  // For the HTML report and bundles.
  std::vector<std::string> lost_;                  // What could not be written.
};

// `code`, or at least kInconclusive where a report could not be written in full, which is then
// said.
int CodeWritten(int code, Outputs& outputs, Console& console);

}  // namespace cmb::conformance::runner
