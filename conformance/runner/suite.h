// Runs cases on benches, several at a time, lets the oracle judge each transcript and gathers the
// report. Called by the run command; tests give it benches and a case runner of their own.
// Design, section 4; scenario language, section 10.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/control/lost_time.h"
#include "conformance/engine/run_case.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/report/run_report.h"
#include "conformance/scenario/model.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::runner {

// After so many cases in a row for which the IUT could not be started, the run stops.
inline constexpr int kVainStarts = 3;

// After so many cases of a role, from its first on, that ended with one and the same harness error,
// its others are not tried.
inline constexpr int kVainCases = 5;

struct SuiteSettings {
  std::function<std::unique_ptr<Bench>()> make_bench;  // Called from the thread that uses it.
  std::function<CaseResult(Bench&, const scenario::Case&, const control::v1::Pics&,
                           const RunOptions&, Transcript&)>
      run_case;
  std::uint64_t seed = 1;
  unsigned jobs = 1;
  unsigned wall_jobs = 0;  // With an IUT without virtual_clock: cases that wait. 0: as `jobs`.
  std::function<void()> is_waiting = [] {};  // Once, before these begin.
  bool fail_fast = false;                    // No case begins after one that failed.
  // How long the suite or the machine has stood still so far.
  std::function<std::chrono::milliseconds()> lost_time = [] {
    return LostInWaits() + SleptByMachine();
  };
  // The command that runs this case again.
  std::function<std::string(const std::string& case_id)> rerun;
  // Takes each transcript that has entries, with what became of its case, and each finished case;
  // from any thread. Null: nobody.
  std::function<void(const report::CaseRecord&, const Transcript&)> keep_transcript;
  std::function<void(const report::CaseRecord&)> case_done;
};

// `stop` true: no further case begins. Fills everything of the report but requirements and command.
report::RunReport RunSuite(const std::vector<scenario::Case>& cases, const SuiteSettings& settings,
                           const std::atomic<bool>& stop);

// Puts what the oracle found and what was missed into one order. A breach makes the case fail,
// whatever ended it; its first cause is the reason.
void Merge(const std::vector<oracle::Finding>& findings, const Transcript& transcript,
           report::CaseRecord& record);

// Nothing is asked of the oracle where the transcript may lack frames.
bool MayJudge(const CaseResult& result);

}  // namespace cmb::conformance::runner
