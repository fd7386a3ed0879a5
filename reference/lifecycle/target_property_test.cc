// Random work at a target of any profile: the invariants hold after every step.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reference/lifecycle/testing/drawn_acts.h"
#include "reference/lifecycle/testing/target_life.h"

namespace cmb::lifecycle::testing {
namespace {

RC_GTEST_PROP(TargetProperty, HoldsItsInvariantsWhateverComes, ()) {
  TargetLife life(*rc::gen::element(Profile::kBasic, Profile::kTracked, Profile::kDurable));
  for (const Acts& step : *DrawnActs(TargetLife::kActs)) {
    life.Do(step);
  }
  life.ComeToRest();
}

}  // namespace
}  // namespace cmb::lifecycle::testing
