// What the tests of the cores expect of the tables, and of a core by them. Header-only;
// used by tests alone.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "reference/lifecycle/testing/machine_table.h"

namespace cmb::lifecycle::testing {

// Every pair of a listed event and state stands, and nothing else.
inline void ExpectTotal(const MachineTable& table) {
  EXPECT_EQ(table.size(), table.states().size() * table.events().size());
  for (const std::string& event : table.events()) {
    for (const std::string& state : table.states()) {
      EXPECT_TRUE(table.Has(event, state)) << event << " in " << state;
    }
  }
}

// Each word of the table that shows as lines of text shows if, and only if, the
// cell lists it. `shown` maps the word to the start of its line.
inline void ExpectEffects(const Cell& cell, const std::string& text,
                          const std::map<std::string, std::string>& shown) {
  for (const auto& [word, start] : shown) {
    EXPECT_EQ(LinesThatStart(text, start).size(), cell.Has(word) ? 1u : 0u) << word << ", in\n"
                                                                            << text;
  }
}

}  // namespace cmb::lifecycle::testing
