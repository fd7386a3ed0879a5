// The check command: recordings, judged again.
#include <algorithm>
#include <ostream>

#include "conformance/check/check.h"
#include "conformance/check/check_text.h"
#include "conformance/check/recordings.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"

namespace cmb::conformance::runner {
namespace {

int CodeOf(const std::vector<check::Checked>& all) {
  const auto any = [&all](auto what) { return std::any_of(all.begin(), all.end(), what); };
  if (any([](const check::Checked& one) { return !one.findings.empty(); })) {
    return kFailed;
  }
  // Zero judged is never green.
  const bool some_broken = any([](const check::Checked& one) { return !one.broken.empty(); });
  return some_broken || all.empty() ? kInconclusive : kAllPassed;
}

}  // namespace

int CheckCommand(const Options& options, Console& console, const std::atomic<bool>& stop) {
  check::Recordings recordings = check::FindRecordings(options.paths);
  auto requirements = report::ReadRequirements(FindPlaces(options).spec + "/requirements.json");
  if (auto* sentence = std::get_if<std::string>(&requirements)) {
    recordings.complaints.push_back(*sentence +
                                    "; --spec names the directory of the specification");
  }
  if (!recordings.complaints.empty()) {
    return Complain(recordings.complaints, console);
  }
  const auto& index = std::get<report::RequirementIndex>(requirements);
  const auto all = check::CheckFiles(recordings.files, options.jobs, stop);
  for (const check::Checked& checked : all) {
    if (!checked.broken.empty()) {
      Complain({checked.broken}, console);
    } else if (!checked.findings.empty() && !options.quiet) {
      console.out << check::BreachText(checked, index) << '\n';
    }
    console.out << (options.quiet ? "" : check::NotesText(checked));
  }
  console.out << check::Summary(all, index);
  return stop ? kInterrupted : CodeOf(all);
}

}  // namespace cmb::conformance::runner
