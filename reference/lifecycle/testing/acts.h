// What is to happen to a core, as five small numbers: which act, which message, and three
// whose meaning the act gives. The lives of the cores carry them out; property tests draw
// them, fuzz targets read them from bytes. Header-only; used by tests alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cmb::lifecycle::testing {

using Acts = std::array<int, 5>;

// From each first number up to, and without, the second.
using ActRanges = std::array<std::array<int, 2>, 5>;

// Any five bytes are an act.
inline Acts ActOf(const std::uint8_t* bytes, const ActRanges& ranges) {
  Acts act{};
  for (std::size_t i = 0; i < act.size(); ++i) {
    act[i] = ranges[i][0] + bytes[i] % (ranges[i][1] - ranges[i][0]);
  }
  return act;
}

}  // namespace cmb::lifecycle::testing
