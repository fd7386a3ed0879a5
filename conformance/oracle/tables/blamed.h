// Whom a difference blames, by what else stands in its exchange. Pure; no threads.
#pragma once

#include <string_view>

#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/steps.h"

namespace cmb::conformance::oracle::tables {

// What is too many breaks the sentence that forbids it; what is missing or wrong perhaps that which
// was broken by what came in its place; what nothing in this exchange asked for, the one that
// would.
std::string_view Blamed(const Difference& difference, const Step& step, const Model& model);

// The next deadline is another although nothing may move one: by PINGs, by the wall clock. Empty:
// something may.
std::string_view OfMovedTimers(const Step& step, const World& world);

}  // namespace cmb::conformance::oracle::tables
