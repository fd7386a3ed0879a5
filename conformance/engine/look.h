// What one observation found: nothing amiss, a difference, or that the case
// cannot go on. Returned by checker and observer to the step runner, which adds
// place and blame. Value.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "conformance/engine/halt.h"

namespace cmb::conformance::engine {

struct Difference {
  std::string want;
  std::string got;
};

struct Look {
  MaybeHalt halt;
  std::optional<Difference> difference;

  bool holds() const { return !halt && !difference; }
};

inline Look Holds() { return {}; }
inline Look Differs(std::string want, std::string got) {
  return {std::nullopt, Difference{std::move(want), std::move(got)}};
}
inline Look Halts(Halt halt) { return {std::move(halt), std::nullopt}; }

}  // namespace cmb::conformance::engine
