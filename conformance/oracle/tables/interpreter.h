// The interpreter of the state tables: the inputs of a transcript are run through a model of the
// IUT's role, and what each asks for is held against what was seen, exchange by exchange. Ends at
// the first difference, since nothing after it can be told. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/oracle/history/history.h"
#include "conformance/oracle/tables/expectation.h"

namespace cmb::conformance::oracle::tables {

// A row as verdicts name it, and whose it was.
struct Applied {
  std::string row;
  std::string message;  // As Reason has it.
};

// Absent: the IUT did all that the tables ask for and nothing else, or its clock is its own.
// `applied` becomes every row that applied, in their order. Null: nobody wants to know.
std::optional<Difference> Interpret(const History& history,
                                    std::vector<Applied>* applied = nullptr);

struct TableCell {
  std::string name;         // As in Applied.
  std::string requirement;  // That it is first about.
  // Whether it is ever named so. What is forgotten shows by nothing, and at a sender 3.6 finds what
  // has no record before the table is asked.
  bool applies = true;
};

// Every cell of the role's table that is not impossible.
std::vector<TableCell> CellsOf(ack::v1::Role role);

}  // namespace cmb::conformance::oracle::tables
