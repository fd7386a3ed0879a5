#include "conformance/engine/halt.h"

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
  halt.reason = (unsupported ? "" : std::string(TroubleName(trouble.kind)) + ": ") +
                trouble.sentence +
                (trouble.requirement.empty() ? "" : " (" + trouble.requirement + ")");
  halt.iut_stderr = trouble.iut_stderr;
  halt.transcript_whole = trouble.code != control::v1::ERROR_KIND_UNSPECIFIED;
  if (!halt.requirement.empty() && !halt.requirement.starts_with(kOfHarnesses)) {
    halt.verdict = Verdict::kFail;  // The harness has shown a breach of the implementation.
  }
  return halt;
}

}  // namespace cmb::conformance::engine
