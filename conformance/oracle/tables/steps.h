// A transcript exchange by exchange: what went in and what came out. Values; no threads.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "conformance/oracle/tables/connection.h"
#include "conformance/oracle/tables/expectation.h"

namespace cmb::conformance::oracle::tables {

struct Inputs {
  std::vector<FrameSeen> frames;
  bool starts = false;  // The Begin of a new process.
};
struct Step {
  std::uint64_t exchange = 0;
  std::uint64_t at_ms = 0;
  std::size_t entry = 0;  // Its first.
  Inputs in;
  Seen seen;
  bool crashes = false;                                         // Nothing else is in it.
  std::vector<std::pair<std::string, Connection>> connections;  // Before it.
  std::int64_t wall_jumped_ms = 0;  // Before it, while nobody could be told.
};

// It brings nothing but PINGs and PONGs, which change nothing (CMB-WIRE-015).
bool BringsPingsAlone(const Step& step);
// Nothing but QUERYs that change nothing (CMB-INS-008).
bool BringsQuestionsAlone(const Step& step);

std::vector<Step> StepsOf(const Transcript& transcript);

}  // namespace cmb::conformance::oracle::tables
