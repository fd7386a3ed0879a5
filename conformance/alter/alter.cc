#include "conformance/alter/alter.h"

#include <algorithm>
#include <mutex>
#include <random>
#include <set>
#include <utility>

#include "conformance/alter/alterations.h"
#include "conformance/check/parallel.h"
#include "conformance/check/recordings.h"
#include "conformance/oracle/oracle.h"
#include "conformance/report/run_report.h"

namespace cmb::conformance::alter {
namespace {

struct Recording {
  std::string file;
  Transcript transcript;
  std::uint64_t stride = 1;  // Every so many-th alteration counts.
  std::uint64_t first = 0;   // Number of its first one among those that count of all recordings.
};

std::uint64_t StrideOf(const Transcript& transcript, std::size_t longest) {
  const std::uint64_t times = longest == 0 ? 1 : transcript.entries.size() / longest + 1;
  return times * times;
}

// Some thread failed, of which the file that it had in hand is all that is known.
void NoteThrown(const std::string& file, const std::string& thrown, Altered& altered) {
  const std::string words = file + ": " + thrown;
  if (std::find(altered.broken.begin(), altered.broken.end(), words) == altered.broken.end()) {
    altered.broken.push_back(words);
  }
}

// Those that can be altered, the longest first, so that no thread is left with one at the end.
std::vector<Recording> ReadClean(const std::vector<std::string>& files,
                                 const AlterSettings& settings, const std::atomic<bool>& stop,
                                 Altered& altered) {
  std::vector<Recording> clean;
  std::mutex mutex;
  check::ForEachIndex(
      files.size(), settings.jobs, stop,
      [&](std::size_t i) {
        auto read = check::ReadRecording(files[i]);
        auto* transcript = std::get_if<Transcript>(&read);
        const bool good = transcript != nullptr && oracle::Judge(*transcript).empty();
        const std::lock_guard<std::mutex> lock(mutex);
        if (transcript == nullptr) {
          altered.broken.push_back(check::ErrorText(files[i], std::get<TranscriptError>(read)));
        } else if (!good) {
          ++altered.not_clean;
        } else {
          const std::uint64_t stride = StrideOf(*transcript, settings.longest);
          clean.push_back({files[i], std::move(*transcript), stride});
        }
      },
      [&](std::size_t i, const std::string& thrown) {
        const std::lock_guard<std::mutex> lock(mutex);
        NoteThrown(files[i], thrown, altered);
      });
  std::sort(clean.begin(), clean.end(), [](const Recording& a, const Recording& b) {
    return std::make_pair(b.transcript.entries.size(), a.file) <
           std::make_pair(a.transcript.entries.size(), b.file);
  });
  std::sort(altered.broken.begin(), altered.broken.end());
  return clean;
}

// How many alterations count in all.
std::uint64_t Number(std::vector<Recording>& recordings, unsigned jobs,
                     const std::atomic<bool>& stop, Altered& altered) {
  std::vector<std::uint64_t> counts(recordings.size());
  check::ForEachIndex(
      recordings.size(), jobs, stop,
      [&](std::size_t i) {
        const std::uint64_t all = ForEachAlteration(
            recordings[i].transcript, [](std::uint64_t) { return false; },
            [](const Alteration&, const Transcript&) {});
        counts[i] = (all + recordings[i].stride - 1) / recordings[i].stride;
      },
      [&](std::size_t i, const std::string& thrown) {
        NoteThrown(recordings[i].file, thrown, altered);
      });
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    recordings[i].first = all;
    all += counts[i];
  }
  return all;
}

// `count` different numbers below `below`, each set of them as likely as any other (Floyd).
std::set<std::uint64_t> Drawn(std::uint64_t count, std::uint64_t below, std::uint64_t seed) {
  std::mt19937_64 chance(seed);
  std::set<std::uint64_t> drawn;
  for (std::uint64_t top = below - std::min(count, below); top < below; ++top) {
    if (!drawn.insert(chance() % (top + 1)).second) {
      drawn.insert(top);
    }
  }
  return drawn;
}

// Which of the alterations of a recording are tried.
class Choice {
 public:
  Choice(const Recording& recording, const AlterSettings& settings,
         const std::set<std::uint64_t>& drawn, const std::atomic<bool>& stop)
      : stride_(recording.stride),
        first_(recording.first),
        all_(settings.sample == 0),
        drawn_(drawn),
        stop_(stop) {}

  bool operator()(std::uint64_t number) {
    const bool counts = number % stride_ == 0;
    passed_over_ += counts ? 0 : 1;
    return counts && !stop_ && (all_ || drawn_.contains(first_ + number / stride_));
  }
  std::uint64_t passed_over() const { return passed_over_; }

 private:
  std::uint64_t stride_, first_;
  bool all_;
  const std::set<std::uint64_t>& drawn_;
  const std::atomic<bool>& stop_;
  std::uint64_t passed_over_ = 0;
};

}  // namespace

void AlterRecording(Transcript recording, const std::string& file, const Wanted& wanted,
                    Tally& tally) {
  const std::string role = report::RoleWord(recording.header.role);
  ForEachAlteration(
      recording, wanted, [&](const Alteration& alteration, const Transcript& altered) {
        const auto findings = oracle::Judge(altered);
        Count one{1, findings.empty() ? 0U : 1U, 0, {}};
        if (findings.empty()) {
          one.missed = {file, altered.header.case_id, alteration.entry + 2};  // 1 is the header.
        } else if (altered.entries[findings.front().entry].exchange <= alteration.exchange) {
          one.in_place = 1;
        }
        tally[{role, alteration.item, alteration.done, alteration.field}].Add(one);
      });
}

Altered AlterFiles(const std::vector<std::string>& files, const AlterSettings& settings,
                   const std::atomic<bool>& stop) {
  Altered altered;
  std::vector<Recording> recordings = ReadClean(files, settings, stop, altered);
  altered.recordings = recordings.size();
  std::set<std::uint64_t> drawn;
  if (settings.sample != 0) {
    altered.possible = Number(recordings, settings.jobs, stop, altered);
    drawn = Drawn(settings.sample, altered.possible, settings.seed);
  }
  std::mutex mutex;
  std::size_t done = 0;
  check::ForEachIndex(
      recordings.size(), settings.jobs, stop,
      [&](std::size_t i) {
        Choice choice(recordings[i], settings, drawn, stop);
        Tally tally;
        AlterRecording(std::move(recordings[i].transcript), recordings[i].file, std::ref(choice),
                       tally);
        const std::lock_guard<std::mutex> lock(mutex);
        Add(tally, altered.tally);
        altered.passed_over += choice.passed_over();
        if (settings.progress) {
          settings.progress(++done, recordings.size(), Total(altered.tally));
        }
      },
      [&](std::size_t i, const std::string& thrown) {
        NoteThrown(recordings[i].file, thrown, altered);
      });
  return altered;
}

}  // namespace cmb::conformance::alter
