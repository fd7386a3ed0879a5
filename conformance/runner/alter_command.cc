// The alter command: how much of what an implementation could do otherwise the oracle sees.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <ostream>

#include "conformance/alter/alter.h"
#include "conformance/alter/alter_text.h"
#include "conformance/alter/free_list.h"
#include "conformance/check/recordings.h"
#include "conformance/report/progress_line.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"

namespace cmb::conformance::runner {
namespace {

// What the options name, found and read.
struct Sources {
  std::vector<std::string> files;
  std::vector<alter::FreeKind> free;
  std::ofstream json;
  Complaints complaints;

  explicit Sources(const Options& options) {
    check::Recordings recordings = check::FindRecordings(options.paths);
    files = std::move(recordings.files);
    complaints = std::move(recordings.complaints);
    ReadFree(FindPlaces(options));
    if (!options.json.empty()) {
      json.open(options.json);
    }
    if (!json) {
      complaints.push_back("--json " + options.json +
                           ": cannot be written; name a file in a directory where this user may");
    }
  }

  void ReadFree(const Places& places) {
    std::vector<scenario::Diagnostic> errors;
    const auto knowledge = scenario::ReadKnowledge(places.spec + "/requirements.json",
                                                   places.spec + "/choices.yaml", &errors);
    for (const scenario::Diagnostic& error : errors) {
      complaints.push_back(ToString(error));
    }
    auto list = alter::ReadFreeList(places.free, knowledge);
    if (const auto* wrong = std::get_if<alter::Complaints>(&list)) {
      complaints.insert(complaints.end(), wrong->begin(), wrong->end());
    } else {
      free = std::get<std::vector<alter::FreeKind>>(std::move(list));
    }
  }
};

alter::AlterSettings SettingsFor(const Options& options, report::ProgressLine& line) {
  alter::AlterSettings settings;
  settings.sample = options.sample;
  settings.longest = options.longest;
  settings.seed = options.seed;
  settings.jobs = options.jobs;
  settings.progress = [&line](std::size_t done, std::size_t of, const alter::Count& count) {
    line.Say([&] {
      return fmt::format("{}/{} recordings, {} alterations, {:.2f} % caught", done, of, count.all,
                         alter::CaughtShare(count));
    });
  };
  return settings;
}

// An entry that frees nothing is no longer true. A sample may miss what it frees.
bool AllFreeOnesMatch(const std::vector<alter::FreeKind>& free, Console& console) {
  Complaints idle;
  for (const alter::FreeKind& entry : free) {
    if (entry.subtracted == 0) {
      idle.push_back(entry.place + ": '" + entry.kind +
                     "' matches nothing that is not caught; take the entry out");
    }
  }
  Complain(idle, console);
  return idle.empty();
}

}  // namespace

int AlterCommand(const Options& options, Console& console, const std::atomic<bool>& stop) {
  Sources sources(options);
  if (!sources.complaints.empty()) {
    return Complain(sources.complaints, console);
  }
  report::ProgressLine line(console.err, console.err_is_terminal);
  alter::Altered altered = alter::AlterFiles(sources.files, SettingsFor(options, line), stop);
  line.Clear();
  alter::Subtract(sources.free, altered.tally);
  Complain(altered.broken, console);
  console.out << alter::ReportText(altered, sources.free);
  if (!options.json.empty()) {
    sources.json << alter::ReportJson(altered, sources.free);
  }
  if (stop) {
    return kInterrupted;
  }
  const bool matched = options.sample != 0 || AllFreeOnesMatch(sources.free, console);
  if (!matched || alter::CaughtShare(alter::Total(altered.tally)) < options.at_least) {
    return kFailed;
  }
  const bool nothing = altered.recordings == 0 || alter::Total(altered.tally).all == 0;
  return nothing || !altered.broken.empty() ? kInconclusive : kAllPassed;
}

}  // namespace cmb::conformance::runner
