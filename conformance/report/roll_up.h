// What a run says of each profile and of each requirement. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

// Of one role up to one profile that is claimed for it: the cases that need no higher one.
struct ProfileResult {
  std::string role, profile;
  Counts counts;
  // "pass": every one of them was run and did what it should, and some passed. "fail": some failed.
  // "partial": all passed, but only a part was chosen. "no verdict": anything else.
  std::string verdict;
};

// In the order of the claims, the lowest profile first.
std::vector<ProfileResult> ProfileResults(const RunReport& report);

struct RequirementResult {
  std::string id;
  std::uint64_t passed = 0;  // Cases that name it and passed.
  std::uint64_t blamed = 0;  // Cases that blame it, be it not as their first cause.
  std::string verdict;       // "fail", "pass", or "not shown".
};

// Of each that a case names or blames, by id.
std::vector<RequirementResult> RequirementResults(const RunReport& report);

}  // namespace cmb::conformance::report
