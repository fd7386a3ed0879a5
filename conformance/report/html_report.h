// The run as one HTML file that needs nothing else: summary, causes, requirements, and each case
// with its recording as a sequence diagram. The page is page/page.html. No threads.
#pragma once

#include <iosfwd>
#include <map>
#include <string>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

// What the page keeps of one case: the lines of its transcript, deflated, in base64.
std::string Packed(const std::string& lines);

// `recordings`: what Packed gave, by case.
void WriteHtml(const RunReport& report, const std::map<std::string, std::string>& recordings,
               std::ostream& out);

}  // namespace cmb::conformance::report
