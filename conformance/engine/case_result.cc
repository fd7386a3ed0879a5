#include "conformance/engine/case_result.h"

#include <algorithm>

namespace cmb::conformance {

std::string_view VerdictWord(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFail:
      return "fail";
    case Verdict::kIutCrashed:
      return "IUT crashed";
    case Verdict::kNoAnswer:
      return "no answer";
    case Verdict::kHarnessError:
      return "harness error";
    case Verdict::kInconclusive:
      return "inconclusive";
    case Verdict::kUnsupported:
      return "unsupported";
    case Verdict::kPass:
      return "pass";
  }
  return "no verdict";
}

Verdict Worse(Verdict a, Verdict b) { return std::min(a, b); }

std::string Place::Text() const {
  if (line == 0) {
    return file;
  }
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace cmb::conformance
