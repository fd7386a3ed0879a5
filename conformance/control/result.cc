#include "conformance/control/result.h"

namespace cmb::conformance {

const char* TroubleName(TroubleKind kind) {
  switch (kind) {
    case TroubleKind::kCannotStart:
      return "CANNOT_START";
    case TroubleKind::kIutCrashed:
      return "IUT_CRASHED";
    case TroubleKind::kUnresponsive:
      return "UNRESPONSIVE";
    case TroubleKind::kGarbage:
      return "GARBAGE";
    case TroubleKind::kHarnessError:
      return "HARNESS_ERROR";
    case TroubleKind::kUnsupported:
      return "UNSUPPORTED";
    case TroubleKind::kMisuse:
      return "MISUSE";
  }
  return "UNKNOWN";
}

std::string WithRequirement(const Trouble& trouble) {
  return trouble.sentence + (trouble.requirement.empty() ? "" : " (" + trouble.requirement + ")");
}

}  // namespace cmb::conformance
