#include "conformance/engine/halt.h"

#include <utility>

namespace cmb::conformance::engine {
namespace {

constexpr char kOfHarnesses[] = "CMB-CTL-";

Verdict VerdictOf(TroubleKind kind) {
  switch (kind) {
    case TroubleKind::kIutCrashed:
      return Verdict::kIutCrashed;
    case TroubleKind::kUnresponsive:
      return Verdict::kNoAnswer;
    case TroubleKind::kUnsupported:
      return Verdict::kUnsupported;
    case TroubleKind::kCannotStart:
    case TroubleKind::kGarbage:
    case TroubleKind::kHarnessError:
    case TroubleKind::kMisuse:
      return Verdict::kHarnessError;
  }
  return Verdict::kHarnessError;
}

}  // namespace

Halt HaltOf(const Trouble& trouble) {
  Halt halt;
  halt.verdict = VerdictOf(trouble.kind);
  halt.requirement = trouble.requirement;
  const bool unsupported = trouble.kind == TroubleKind::kUnsupported;
  halt.reason =
      (unsupported ? "" : std::string(TroubleName(trouble.kind)) + ": ") + WithRequirement(trouble);
  halt.iut_stderr = trouble.iut_stderr;
  halt.transcript_whole =
      trouble.code != control::v1::ERROR_KIND_UNSPECIFIED || trouble.kind == TroubleKind::kMisuse;
  if (!halt.requirement.empty() && !halt.requirement.starts_with(kOfHarnesses)) {
    halt.verdict = Verdict::kFail;  // The harness has shown a breach of the implementation.
  }
  return halt;
}

void NoteHalt(const Halt& halt, const Place& place, const Moment& moment, const std::string& step,
              CaseResult& result) {
  if (halt.verdict != Verdict::kFail) {
    result.stop = Stop{halt.verdict, place, moment, halt.requirement, step, halt.reason};
    return;
  }
  Miss miss;
  miss.place = place;
  miss.moment = moment;
  miss.requirement = halt.requirement;
  miss.step = step;
  miss.want = "what " + halt.requirement + " asks for";
  miss.got = halt.reason;
  result.misses.push_back(std::move(miss));
}

}  // namespace cmb::conformance::engine
