// What of the state tables a case reached: cells, guards that held and that did not, and pairs of
// events that followed each other for one message. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/oracle/tables/interpreter.h"

namespace cmb::conformance::explore {

// Named by their kinds: "cell …", "guard …", "pair …".
using Features = std::set<std::string>;

class Coverage {
 public:
  explicit Coverage(ack::v1::Role role);

  Features Of(const std::vector<oracle::tables::Applied>& applied) const;
  // "61 of 240 cells, 40 of 70 guards, 512 pairs of events".
  std::string Text(const Features& reached) const;

 private:
  void AddRow(const std::string& row, Features& features) const;

  std::set<std::string> cells_;
  std::map<std::string, std::set<std::string>> guards_;  // Of all rows of an event.
  Features all_;                                         // But pairs.
};

}  // namespace cmb::conformance::explore
