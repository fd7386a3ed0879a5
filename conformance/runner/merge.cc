// What the oracle found beside what the engine missed.
#include <string>
#include <vector>

#include "conformance/runner/suite.h"

namespace cmb::conformance::runner {

bool MayJudge(const CaseResult& result) {
  switch (result.verdict) {
    case Verdict::kPass:
    case Verdict::kFail:
    case Verdict::kIutCrashed:
    case Verdict::kNoAnswer:
    case Verdict::kInconclusive:
      return true;
    case Verdict::kHarnessError:
      return result.transcript_whole;
    case Verdict::kUnsupported:
      return false;
  }
  return false;
}

void Merge(const std::vector<oracle::Finding>& findings, const Transcript& transcript,
           report::CaseRecord& record) {
  CaseResult& result = record.result;
  record.causes = report::CausesOf(result, findings, transcript, record.place);
  if (record.causes.empty()) {
    return;
  }
  if (!record.causes.front().IsBreach()) {
    result.verdict = result.stop->verdict;
    result.reason = result.stop->sentence;
    return;
  }
  result.verdict = Verdict::kFail;
  result.reason = "want " + record.causes.front().want + ", got " + record.causes.front().got;
}

}  // namespace cmb::conformance::runner
