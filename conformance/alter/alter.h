// Recordings altered in one thing at a time, and what the oracle alone says of each. Called by the
// alter command and by tests. Uses several threads; reads files.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/alter/alterations.h"
#include "conformance/alter/kind.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::alter {

struct AlterSettings {
  // A recording of more entries is altered in every n-th thing only, so that it takes no longer
  // than one of this length: the time grows with the square. 0: no limit.
  std::size_t longest = 300;
  std::uint64_t sample = 0;  // So many alterations, drawn evenly. 0: every one.
  std::uint64_t seed = 1;
  unsigned jobs = 0;  // 0: one for each processor.
  // After each recording, from any thread: how many of how many, and all counts so far.
  std::function<void(std::size_t done, std::size_t of, const Count& so_far)> progress;
};

struct Altered {
  Tally tally;
  std::size_t recordings = 0;       // That were altered.
  std::uint64_t passed_over = 0;    // Alterations of long recordings that were not tried.
  std::uint64_t possible = 0;       // Of a sample: how many it was drawn from.
  std::size_t not_clean = 0;        // Left out: the oracle objects to them as they are.
  std::vector<std::string> broken;  // Left out: why they cannot be read.
};

Altered AlterFiles(const std::vector<std::string>& files, const AlterSettings& settings,
                   const std::atomic<bool>& stop);

// One recording: those alterations that are wanted.
void AlterRecording(Transcript recording, const std::string& file, const Wanted& wanted,
                    Tally& tally);

}  // namespace cmb::conformance::alter
