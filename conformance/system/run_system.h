// Executes one case of role system, and judges each part by what happened at it. Called by the
// runner. One thread for each bench.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/report/cause.h"
#include "conformance/system/system_bench.h"

namespace cmb::conformance::system {

// A cause, and at whom it shows.
struct SystemCause {
  std::string part;  // sender, router, target. Empty: an expectation, which is of all.
  report::Cause cause;
};

struct SystemResult {
  CaseResult result;                // Its verdict has the findings in it.
  std::vector<SystemCause> causes;  // Earliest first.
};

SystemResult RunSystemCase(SystemBench& bench, const scenario::Case& scenario,
                           const control::v1::Pics& claims, std::uint64_t seed);

}  // namespace cmb::conformance::system
