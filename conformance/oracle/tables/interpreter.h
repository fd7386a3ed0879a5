// The interpreter of the state tables: the inputs of a transcript are run through a model of the
// IUT's role, and what each asks for is held against what was seen, exchange by exchange. Ends at
// the first difference, since nothing after it can be told. Pure; any thread.
#pragma once

#include <optional>

#include "conformance/oracle/history/history.h"
#include "conformance/oracle/tables/expectation.h"

namespace cmb::conformance::oracle::tables {

// Absent: the IUT did all that the tables ask for and nothing else, or its clock is its own.
std::optional<Difference> Interpret(const History& history);

}  // namespace cmb::conformance::oracle::tables
