// Everything a report tells of one run: the cases with their merged verdicts, in the order of the
// scenarios whatever the number of jobs. Made by the runner, read by the three writers. Plain data.
// Spec: chapter conformance.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmb/control/v1/control.pb.h"
#include "conformance/engine/case_result.h"
#include "conformance/report/cause.h"
#include "conformance/report/requirement_index.h"

namespace cmb::conformance::report {

// "sender", "router", "target".
std::string RoleWord(ack::v1::Role role);

struct CaseRecord {
  std::string scenario_id;    // Without the matrix labels.
  std::string role;           // sender, router, target.
  std::string profile;        // That it needs: CORE, BASIC, TRACKED, DURABLE.
  Place place;                // Of the scenario.
  CaseResult result;          // Its verdict has the oracle's findings in it.
  std::vector<Cause> causes;  // Earliest first.
  // The last entries of the transcript, decoded, one a line. Only where the verdict is not pass.
  std::vector<std::string> last_entries;
  std::string transcript;  // Where it was written. Empty: nowhere.
  std::string rerun;       // The exact command that runs this case again.
  std::string expected;    // Why its failure is expected. Empty: it is not.
  bool was_run = false;    // False: the run ended before its turn.
  double wall_ms = 0;      // Real time. Never in the deterministic parts.
};

// Of an IUT without virtual_clock: by when all that was expected at an instant was over.
struct Slack {
  std::uint64_t instants = 0;
  std::uint64_t p99_ms = 0, max_ms = 0;  // After the instant.
  std::uint64_t grace_ms = 0;            // More is not allowed at the fastest scale.
  std::uint64_t repeats = 0;             // Of cases, on a slower scale.
};

struct RunReport {
  std::string suite;    // Name and version of this program.
  std::string date;     // Of its end, UTC, as in 2026-01-31T12:00:00Z. Differs from run to run.
  std::string binding;  // "sockets", "frames on stdio" …
  std::string clock = "virtual";
  bool frames_only = false;  // There was no harness, whose `binding` says so.
  control::v1::Pics pics;  // What the IUT claims. Without a name: it said nothing.
  std::string command;     // Of the IUT, quoted for a shell.
  std::string selection;   // The options that chose a part of the cases. Empty: all.
  std::string shard;       // "2/5", of what they chose. Empty: all of it.
  std::uint64_t seed = 0;
  std::vector<CaseRecord> cases;
  RequirementIndex requirements;
  bool interrupted = false;
  // Why the run ended early, other than by an interrupt. Empty: it did not.
  std::string stopped_because;
  std::string stopped_stderr;  // What the IUT wrote to stderr before that.
  unsigned jobs = 1;
  double wall_ms = 0;
  std::optional<Slack> slack;
};

// How many cases of each verdict. `not_run`, and failures that were `expected`, are in none of the
// others.
struct Counts {
  std::uint64_t pass = 0, fail = 0, iut_crashed = 0, no_answer = 0, harness_error = 0,
                inconclusive = 0, unsupported = 0, not_run = 0, expected = 0;

  void Add(const CaseRecord& record);
  std::uint64_t all() const;
  // "3 passed, 1 failed": only what is not zero, worst first.
  std::string Text() const;
};

// "1 case", "2 cases".
std::string Counted(std::uint64_t count, const std::string& noun);

Counts CountOf(const std::vector<CaseRecord>& cases);

// One scenario with all its cases, in the order of the cases.
struct ScenarioSummary {
  std::string id;
  std::string title;
  Place place;
  Verdict worst = Verdict::kPass;  // Cases that were not run do not count.
  Counts counts;
};
std::vector<ScenarioSummary> Scenarios(const std::vector<CaseRecord>& cases);

// The case was run, and did not pass and was not left out.
bool NeedsWords(const CaseRecord& record);

// The ids that a case blames, that of its first cause first, each once; at the end what it is
// about, where that could not be shown.
std::vector<std::string> Blamed(const CaseRecord& record);

// "CMB-SND-001 (spec/04-sender.md:9) MUST: sentence", or the id alone where the spec has none.
std::string SentenceOf(const std::string& id, const RequirementIndex& requirements);

}  // namespace cmb::conformance::report
