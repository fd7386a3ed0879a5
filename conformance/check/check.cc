#include "conformance/check/check.h"

#include <algorithm>
#include <utility>

#include "conformance/check/parallel.h"
#include "conformance/check/recordings.h"
#include "conformance/report/entry_text.h"

namespace cmb::conformance::check {
namespace {

Checked CheckFile(const std::string& file) {
  Checked checked;
  checked.file = file;
  const auto read = ReadRecording(file);
  if (const auto* error = std::get_if<TranscriptError>(&read)) {
    checked.broken = ErrorText(file, *error);
    return checked;
  }
  const auto& transcript = std::get<Transcript>(read);
  checked.case_id = transcript.header.case_id;
  checked.findings = oracle::Judge(transcript);
  if (!checked.findings.empty()) {
    checked.first_entry = report::EntryText(transcript.entries[checked.findings.front().entry]);
  }
  return checked;
}

}  // namespace

std::vector<Checked> CheckFiles(const std::vector<std::string>& files, unsigned jobs,
                                const std::atomic<bool>& stop) {
  std::vector<Checked> all(files.size());
  ForEachIndex(files.size(), jobs, stop, [&](std::size_t i) { all[i] = CheckFile(files[i]); });
  all.erase(
      std::remove_if(all.begin(), all.end(), [](const Checked& one) { return one.file.empty(); }),
      all.end());
  return all;
}

std::size_t LineOf(const oracle::Finding& finding) { return finding.entry + 2; }

}  // namespace cmb::conformance::check
