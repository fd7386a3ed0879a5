// What became of one case: the value that `RunCase` returns and that the
// runner, the reports and the self-test read. Plain data, no behaviour but
// names and ranking; safe to copy between threads. Its fields follow
// scenario language §10: every verdict carries its evidence, and nothing here
// starts as a pass (`verdict` begins as kHarnessError until the case was run).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmb::conformance {

// In falling order of weight: a `fail` beats everything (§10).
enum class Verdict {
  kFail,          // A MUST observation, or a rule of the oracle, did not hold.
  kIutCrashed,    // The implementation under test died.
  kNoAnswer,      // It lives, as far as is known, and did not answer in time.
  kHarnessError,  // The suite or the IUT's harness broke the control contract.
  kInconclusive,  // Precondition not reached, or a fault was not applied in full.
  kUnsupported,   // The PICS does not declare what the case needs.
  kPass,
};

// "pass", "fail", "inconclusive", "unsupported", "IUT crashed", "no answer",
// "harness error".
std::string_view VerdictWord(Verdict verdict);

// The weightier of two verdicts, by the order of the enumeration.
Verdict Worse(Verdict a, Verdict b);

// Where in a scenario file something stands. Line and column count from 1;
// line 0 means that no single line is to blame.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  std::string Text() const;  // "file:line:column", or "file" when line is 0.
};

// A place in a case's history: `entry` things of its transcript came before, at this instant.
struct Moment {
  std::size_t entry = 0;
  std::uint64_t at_ms = 0;
};

// One observation that did not hold, or a state of `given` that was not reached.
struct Miss {
  Place place;
  Moment moment;            // Of what came wrong; of what did not come, when that was known.
  std::string requirement;  // The id that is blamed.
  std::string row;          // Who asks for what did not come. Empty: something else differs.
  std::string about;        // What the scenario is about, where that is not who is blamed.
  std::string step;         // The observation as it is written, in one line.
  std::string want;         // Decoded and readable, one line or more.
  std::string got;          // The same; "nothing" when none came.
  std::vector<std::string> window;  // Every item of the window, consumed ones marked.
};

// Why the case could not go on: the process or its harness failed the step.
struct Stop {
  Verdict verdict = Verdict::kHarnessError;
  Place place;
  Moment moment;
  std::string requirement;  // Of the control channel, where the trouble breaks one. Else empty.
  std::string step;         // As it is written, in one line.
  std::string sentence;
  bool explains_misses = false;  // It comes before what was missed.
};

// A branch of a registered choice that the IUT took.
struct ChoiceTaken {
  std::string choice;  // CHO-nnn.
  std::string label;   // Label of the branch.
  Place place;
};

// An observation of level MAY, and whether it was seen.
struct MaySeen {
  std::string requirement;
  std::string what;
  bool seen = false;
  Place place;
};

// How often one fault of the list bent a frame.
struct FaultCount {
  Place place;
  std::string fault;  // As it is written, in one line.
  std::uint64_t applied = 0;
  bool in_full = false;
  std::string missing;  // When not in full: the sentence that says what never came.
};

// The whole outcome of one case. After the engine the runner lets the oracle
// judge the transcript and merges its findings with `Worse`.
struct CaseResult {
  std::string case_id;
  std::string title;
  Verdict verdict = Verdict::kHarnessError;
  // For every verdict but pass: one sentence, the first cause.
  std::string reason;
  // The MUST observation that failed; set exactly when the engine says kFail.
  // The first failing observation ends the case, so there is at most one.
  std::vector<Miss> misses;
  std::optional<Stop> stop;
  // Every frame that the IUT sent before the end is known to stand in the transcript.
  bool transcript_whole = false;
  // Missed observations of level SHOULD; the case went on.
  std::vector<Miss> advice;
  std::vector<MaySeen> may;
  std::vector<ChoiceTaken> choices;
  std::vector<FaultCount> faults;
  // Frames of the IUT that no observation consumed, decoded, one line each.
  std::vector<std::string> unconsumed;
  // The case's own requirement ids, the first being the default blame.
  std::vector<std::string> requirements;
  // Control records that a black-box run could not observe (§9).
  std::uint64_t not_observed = 0;
  // Milliseconds of protocol time from the case's beginning to its end.
  std::uint64_t virtual_ms = 0;
  std::uint64_t steps_run = 0;  // Steps executed, nested ones included.
  std::uint64_t advances = 0;   // Advance requests that were sent.
  // What the IUT wrote to stderr during the case; filled on every verdict but
  // pass and unsupported.
  std::string iut_stderr;
  // The bench is not to be trusted any more: kill the process, never reset.
  bool process_spoiled = false;
};

}  // namespace cmb::conformance
