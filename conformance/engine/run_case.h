// Executes one loaded case against one implementation under test (IUT) and
// says what became of it. The only door of the engine; called by the runner,
// the property tests and the self-test. One thread at a time per bench.
// Scenario language, sections 3 to 6, 8 and 10.
//
// The engine judges the case's own observations. The oracle is not called
// here: when RunCase has returned, the runner lets it judge `transcript` and
// merges what it finds with Worse() of case_result.h.
#pragma once

#include <cstdint>
#include <string>

#include "conformance/engine/case_result.h"

namespace cmb::control::v1 {
class Pics;
}  // namespace cmb::control::v1

namespace cmb::conformance {

class Bench;
struct Transcript;

namespace scenario {
struct Case;
}  // namespace scenario

struct RunOptions {
  // From --seed. With the case id it decides every value that is drawn, so
  // that the same seed gives the same transcript, byte for byte.
  std::uint64_t seed = 1;
  // Events, records and timers of the IUT are not seen: only its frames are judged.
  bool frames_only = false;
  // Where an IUT remembers earlier runs: what makes the ids of this one its own. Else empty.
  std::string salt = {};
};

// `pics` is what Bench::Claims() gave. `transcript` is overwritten; after
// kUnsupported it has its header and no entries. Whatever goes wrong is in the
// result: nothing is thrown. After a fail, a crash or a harness error the
// process of the bench is discarded, so that the next case begins clean.
CaseResult RunCase(Bench& bench, const scenario::Case& scenario, const control::v1::Pics& pics,
                   const RunOptions& options, Transcript& transcript);

// What every id of the case begins with: made from the case id alone, and padded to `bytes`.
std::string IdPrefix(const std::string& case_id, std::size_t bytes = 0);

}  // namespace cmb::conformance
