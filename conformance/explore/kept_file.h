// A failure as a scenario file that `run` replays. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "conformance/explore/explorer.h"

namespace cmb::conformance::explore {

// "sender-1-42.yaml", below a folder explore as its id says.
std::string FileNameOf(const Found& found);

// With the seed and the first cause; its requirement is the one that broke, where `knowledge` has
// it.
std::string FileTextOf(const Found& found, std::uint64_t seed,
                       const scenario::Knowledge& knowledge);

}  // namespace cmb::conformance::explore
