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
  // When what differs came. Absent: it did not come, or is no one thing.
  std::optional<Moment> moment = {};
  // The requirement of the row that asks for what did not come. Empty: something else differs.
  std::string row = {};
  // Of a move that was made and not told: the row that would be blamed if it had not been made.
  std::string instead_of = {};
  // The suite itself has said that it should be so: no odd frame is to blame.
  bool scripted = false;
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
