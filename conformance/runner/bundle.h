// All that is known of one case that did not pass, as a folder to send on: README.md with what is
// wrong and the command to repeat it, scenario.yaml, transcript.jsonl, stderr.txt, report.json and
// report.html. Called by Outputs.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conformance/report/run_report.h"

namespace cmb::conformance::runner {

inline constexpr char kBundledTranscript[] = "transcript.jsonl";

bool NeedsBundle(const report::CaseRecord& record);

std::string BundleFolder(const std::string& directory, const std::string& case_id);

// Everything but the transcripts. `recordings`: as the HTML report takes them, by case id;
// `scenario`: the case as a document. Paths that could not be written.
std::vector<std::string> WriteBundles(
    const std::string& directory, const report::RunReport& report,
    const std::map<std::string, std::string>& recordings,
    const std::function<std::string(const std::string& case_id)>& scenario);

}  // namespace cmb::conformance::runner
