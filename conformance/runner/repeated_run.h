// All cases several times over, and which of them have more than one verdict. Called by the run
// command. Values; one thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conformance/report/run_report.h"

namespace cmb::conformance::runner {

class RepeatedRun {
 public:
  // Takes the next run. The report of all has the worst of each case.
  void Add(report::RunReport report);

  report::RunReport TakeReport() { return std::move(report_); }
  // One line for each case with more than one verdict, or that blames more than one sentence.
  std::vector<std::string> Unsteady() const;

 private:
  report::RunReport report_;
  bool any_ = false;
  // By case: how often it ended how ("fail, CMB-SND-001").
  std::map<std::string, std::map<std::string, int>> endings_;
};

}  // namespace cmb::conformance::runner
