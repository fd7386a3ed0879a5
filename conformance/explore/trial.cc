#include "conformance/explore/trial.h"

#include <algorithm>
#include <iterator>

#include "conformance/engine/run_case.h"
#include "conformance/oracle/oracle.h"

namespace cmb::conformance::explore {
namespace {

// What was drawn should not have been asked: the suite cannot do it.
constexpr const char* kIllegal[] = {"the suite cannot do this", "MISUSE: "};

// Nobody who draws can know that the message to cancel is forgotten, where the case then ends, or
// that a fault finds no frame.
constexpr const char* kUnforeseen[] = {"answered Cancel with BAD_REQUEST",
                                       "a fault was not applied in full"};

template <std::size_t kSize>
bool HasOne(const std::string& sentence, const char* const (&parts)[kSize]) {
  return std::any_of(std::begin(parts), std::end(parts), [&sentence](const char* part) {
    return sentence.find(part) != std::string::npos;
  });
}

bool IsIllegal(const std::string& sentence) { return HasOne(sentence, kIllegal); }

bool IsJudgedAllTheSame(const Outcome& outcome) {
  return (outcome.verdict == Verdict::kHarnessError || outcome.verdict == Verdict::kInconclusive) &&
         HasOne(outcome.sentence, kUnforeseen);
}

// Nothing is asked of the oracle where the transcript may lack frames.
bool MayJudge(const CaseResult& result) {
  return result.verdict != Verdict::kUnsupported &&
         (result.verdict != Verdict::kHarnessError || result.transcript_whole);
}

void Blame(const oracle::Finding& finding, Outcome& outcome) {
  outcome.verdict = Worse(outcome.verdict, Verdict::kFail);
  outcome.requirement = finding.requirement;
  outcome.row = finding.rule == "tables" ? finding.holds : finding.rule;
  outcome.sentence = finding.sentence;
}

}  // namespace

bool Outcome::IsFailure() const {
  switch (verdict) {
    case Verdict::kFail:
    case Verdict::kIutCrashed:
      return true;
    case Verdict::kHarnessError:
      return !IsIllegal(sentence);
    case Verdict::kNoAnswer:  // A slow machine, as likely as not.
    case Verdict::kInconclusive:
    case Verdict::kUnsupported:
    case Verdict::kPass:
      return false;
  }
  return false;
}

std::string Outcome::Signature() const {
  return std::string(VerdictWord(verdict)) + " " + requirement + " " + row;
}

Outcome Try(Bench& bench, const scenario::Case& one, const control::v1::Pics& pics,
            std::vector<oracle::tables::Applied>* applied) {
  Outcome outcome;
  Transcript transcript;
  // Always the seed that `run` has by itself, so that the kept file replays.
  const CaseResult result = RunCase(bench, one, pics, RunOptions{}, transcript);
  outcome.verdict = result.verdict;
  outcome.sentence = result.reason;
  if (!result.misses.empty()) {
    outcome.requirement = result.misses.front().requirement;
    outcome.row = result.misses.front().step;
  }
  if (MayJudge(result)) {
    if (!result.misses.empty()) {
      outcome.verdict = Verdict::kInconclusive;  // Where it was to begin was not reached.
    }
    const auto findings = oracle::Judge(transcript, applied);
    if (!findings.empty()) {
      Blame(findings.front(), outcome);
    } else if (IsJudgedAllTheSame(outcome)) {
      outcome = {Verdict::kPass, "", "", ""};
    }
  }
  return outcome;
}

}  // namespace cmb::conformance::explore
