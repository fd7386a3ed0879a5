// Recordings judged again by the oracle alone: no implementation runs, nothing is expected but what
// the specification asks of every history. Called by the check command. Reads files.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "conformance/oracle/oracle.h"

namespace cmb::conformance::check {

struct Checked {
  std::string file;
  std::string broken;   // Why it could not be judged, in full. Empty: it was.
  std::string case_id;  // That was recorded.
  std::vector<oracle::Finding> findings;
  std::string first_entry;  // What stands where the first finding is, for people. May be empty.
};

// In the order of `files`. `stop` true: what has not begun is left out.
std::vector<Checked> CheckFiles(const std::vector<std::string>& files, unsigned jobs,
                                const std::atomic<bool>& stop);

// The line of a finding in its file: the header is line 1.
std::size_t LineOf(const oracle::Finding& finding);

}  // namespace cmb::conformance::check
