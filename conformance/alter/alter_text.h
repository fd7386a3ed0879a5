// What `alter` tells, as text and as JSON: the share that the oracle catches, and every kind that
// it does not. Pure.
#pragma once

#include <string>
#include <vector>

#include "conformance/alter/alter.h"
#include "conformance/alter/free_list.h"

namespace cmb::conformance::alter {

// In per cent; 100 where there is nothing.
double CaughtShare(const Count& count);
double InPlaceShare(const Count& count);

// `altered` with what is free subtracted.
std::string ReportText(const Altered& altered, const std::vector<FreeKind>& free);
std::string ReportJson(const Altered& altered, const std::vector<FreeKind>& free);

}  // namespace cmb::conformance::alter
