// Recordings judged again by the oracle alone: no implementation runs, nothing is expected but what
// the specification asks of every history. Called by the check command. Reads files.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "conformance/oracle/oracle.h"
#include "conformance/report/cause.h"

namespace cmb::conformance::check {

struct Checked {
  std::string file;
  std::string broken;          // Why it could not be judged, in full. Empty: it was.
  std::string case_id;         // That was recorded; of an event log "event log".
  std::size_t first_line = 2;  // Of entry 0: line 1 of a transcript is its header.
  std::vector<oracle::Finding> findings;
  std::vector<report::Cause> causes;  // The same, as a report tells them, at the lines of the file.
  std::vector<std::string> notes;     // What is no breach, or could not be judged.
  std::string first_entry;  // What stands where the first finding is, for people. May be empty.
};

// In the order of `files`. `stop` true: what has not begun is left out.
std::vector<Checked> CheckFiles(const std::vector<std::string>& files, unsigned jobs,
                                const std::atomic<bool>& stop);

// The line of a finding in its file.
std::size_t LineOf(const Checked& checked, const oracle::Finding& finding);

}  // namespace cmb::conformance::check
