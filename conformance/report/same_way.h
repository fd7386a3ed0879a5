// Whether cases break a row of the state tables in the same way. The oracle blames a sentence in
// the place of the row's own where the case turns on it (a default of the policy, another channel);
// where the row is broken alike in more cases that do not, that sentence is not what is wrong. Used
// by the causes of a run. Pure; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

class SameWay {
 public:
  explicit SameWay(const RunReport& report);

  // Whom most cases blame that break the same row in the same way; of equally many the cause's own,
  // and where the other is not more basic it has several times as many. `report` outlives this.
  std::string BlamedFor(const Cause& cause) const;

 private:
  int OrderOf(const std::string& id) const;

  const RequirementIndex& requirements_;
  // Row and what was seen in its place; then how many cases blame whom.
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::size_t>> ways_;
};

}  // namespace cmb::conformance::report
