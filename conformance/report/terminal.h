// The report that people read first: the causes, advice, choices, the summary, the place of the
// other reports; on one page, unless every case is asked for. And the one line of progress while
// cases run. Called by the runner. Design, section 4.4.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "conformance/report/progress_line.h"
#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

struct TerminalOptions {
  bool colour = false;
  bool verbose = false;             // Each case that did not pass, and each scenario.
  std::vector<std::string> places;  // Where the other reports are: "report: F".
};

void WriteTerminal(const RunReport& report, const TerminalOptions& options, std::ostream& out);

// Says how far the run is. Any thread.
class Progress {
 public:
  Progress(std::ostream& out, bool terminal, std::uint64_t total,
           std::chrono::milliseconds every = kProgressEvery)
      : line_(out, terminal, every), total_(total) {}

  void CaseDone(const CaseRecord& record);

 private:
  ProgressLine line_;
  std::uint64_t total_;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<std::uint64_t> bad_ = 0;
};

}  // namespace cmb::conformance::report
