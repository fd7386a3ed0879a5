// Random lives of three messages at one sender: the invariants hold after every step.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reference/lifecycle/testing/drawn_acts.h"
#include "reference/lifecycle/testing/sender_life.h"

namespace cmb::lifecycle::testing {
namespace {

RC_GTEST_PROP(SenderProperty, HoldsItsInvariantsWhateverComes, ()) {
  SenderLife life;
  for (const Acts& step : *DrawnActs(SenderLife::kActs)) {
    life.Do(step);
  }
  life.ComeToRest();
}

}  // namespace
}  // namespace cmb::lifecycle::testing
