// The interpreter of the state tables: the inputs of a transcript are run through a model of the
// IUT's role, and what each asks for is held against what was seen, exchange by exchange. Ends at
// the first difference, since nothing after it can be told. Pure; any thread.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "conformance/oracle/history/history.h"
#include "conformance/oracle/tables/expectation.h"

namespace cmb::conformance::oracle::tables {

// Absent: the IUT did all that the tables ask for and nothing else, or its clock is its own.
// `reached` takes every row that applied, as verdicts name it. Null: nobody wants to know.
std::optional<Difference> Interpret(const History& history,
                                    std::set<std::string>* reached = nullptr);

// Every cell of the role's table that is not impossible, named alike.
std::set<std::string> CellsOf(ack::v1::Role role);

}  // namespace cmb::conformance::oracle::tables
