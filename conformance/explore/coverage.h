// What of the state tables a case reached: cells, guards that held and that did not, and pairs of
// events that followed each other for one message. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/explore/claims.h"
#include "conformance/oracle/tables/interpreter.h"
#include "conformance/scenario/loader.h"

namespace cmb::conformance::explore {

// Named by their kinds: "cell …", "guard …", "pair …".
using Features = std::set<std::string>;

class Coverage {
 public:
  Coverage(const Claims& claims, const scenario::Knowledge& knowledge);

  Features Of(const std::vector<oracle::tables::Applied>& applied) const;
  // "61 of 140 cells, 40 of 70 guards, 512 pairs of events": of those that a test can reach of who
  // claims so much.
  std::string Text(const Features& reached) const;

 private:
  void AddRow(const std::string& row, Features& features) const;

  std::set<std::string> cells_;
  std::map<std::string, std::set<std::string>> guards_;  // Of all rows of an event.
  Features all_;                                         // That can be reached, but pairs.
};

}  // namespace cmb::conformance::explore
