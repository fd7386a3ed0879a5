#include "conformance/engine/halt.h"

namespace cmb::conformance::engine {
namespace {

Verdict VerdictOf(TroubleKind kind) {
  switch (kind) {
    case TroubleKind::kIutCrashed:
    case TroubleKind::kUnresponsive:
      return Verdict::kIutCrashed;
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
  return {VerdictOf(trouble.kind), std::string(TroubleName(trouble.kind)) + ": " + trouble.sentence,
          trouble.iut_stderr};
}

}  // namespace cmb::conformance::engine
