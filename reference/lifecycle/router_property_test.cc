// Random traffic of two sources through one router: the invariants hold after every step.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reference/lifecycle/testing/drawn_acts.h"
#include "reference/lifecycle/testing/router_traffic.h"

namespace cmb::lifecycle::testing {
namespace {

RC_GTEST_PROP(RouterProperty, HoldsItsInvariantsWhateverComes, ()) {
  RouterTraffic traffic;
  for (const Acts& step : *DrawnActs(RouterTraffic::kActs)) {
    traffic.Do(step);
  }
  traffic.ComeToRest();
}

}  // namespace
}  // namespace cmb::lifecycle::testing
