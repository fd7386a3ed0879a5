// Acts as RapidCheck draws and shrinks them. Header-only; used by property tests alone.
#pragma once

#include <rapidcheck.h>

#include <vector>

#include "reference/lifecycle/testing/acts.h"

namespace cmb::lifecycle::testing {

inline rc::Gen<std::vector<Acts>> DrawnActs(const ActRanges& ranges) {
  const auto number = [&ranges](std::size_t i) {
    return rc::gen::inRange(ranges[i][0], ranges[i][1]);
  };
  return rc::gen::container<std::vector<Acts>>(rc::gen::apply(
      [](int a, int b, int c, int d, int e) {
        return Acts{a, b, c, d, e};
      },
      number(0), number(1), number(2), number(3), number(4)));
}

}  // namespace cmb::lifecycle::testing
