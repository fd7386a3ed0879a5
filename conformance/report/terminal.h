// The report that people read first: the causes, advice, choices, the summary, the place of the
// other reports; on one page, unless every case is asked for. And the one line of progress while
// cases run. Called by the runner. Design, section 4.4.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

struct TerminalOptions {
  bool colour = false;
  bool verbose = false;             // Each case that did not pass, and each scenario.
  std::vector<std::string> places;  // Where the other reports are: "report: F".
};

void WriteTerminal(const RunReport& report, const TerminalOptions& options, std::ostream& out);

// Says how far the run is, on one line that it overwrites. Any thread.
inline constexpr std::chrono::milliseconds kProgressEvery{5'000};

class Progress {
 public:
  // On a terminal one line that is overwritten; else a line after `every`, twice as long after that
  // and so on, so that a log shows that it goes on and stays short.
  Progress(std::ostream& out, bool terminal, std::uint64_t total,
           std::chrono::milliseconds every = kProgressEvery);
  ~Progress();  // Removes the line.

  void CaseDone(const CaseRecord& record);

 private:
  std::string Text() const;

  std::ostream& out_;
  bool terminal_;
  std::chrono::milliseconds every_;
  std::chrono::steady_clock::time_point said_ = std::chrono::steady_clock::now();
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  std::uint64_t bad_ = 0;
  std::mutex mutex_;
};

}  // namespace cmb::conformance::report
