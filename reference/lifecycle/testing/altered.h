// What a core did, bent before its witness sees it: how tests show that the witness looks.
// Header-only; used by tests alone.
#pragma once

#include <functional>
#include <vector>

#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/record.h"
#include "reference/lifecycle/timers.h"

namespace cmb::lifecycle::testing {

// Absent: as it is.
struct Alteration {
  std::function<void(Effects&)> effects = {};
  std::function<void(std::vector<RecordView>&)> records = {};
  std::function<void(std::vector<Timer>&)> timers = {};
};

template <typename Value>
Value Altered(Value value, const std::function<void(Value&)>& alter) {
  if (alter) {
    alter(value);
  }
  return value;
}

}  // namespace cmb::lifecycle::testing
