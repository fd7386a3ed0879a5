// What became of all combinations, for people and for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "conformance/report/requirement_index.h"
#include "conformance/system/interop.h"

namespace cmb::conformance::system {

// "sender           router           target", and a line for each combination under it.
std::string HeadingText(const std::vector<Implementation>& implementations);
std::string LineOf(const CombinationResult& result,
                   const std::vector<Implementation>& implementations);

// Who is to blame for what, and the counts: each with the first case that shows it.
std::string InteropCauses(const std::vector<CombinationResult>& results,
                          const std::vector<Implementation>& implementations,
                          const report::RequirementIndex& requirements);

std::string InteropJson(const std::vector<CombinationResult>& results,
                        const std::vector<Implementation>& implementations);

}  // namespace cmb::conformance::system
