// Two modules and a router with CURVE, from end to end.
#include <gtest/gtest.h>

#include "reference/endpoint/module_test_driver.h"

namespace cmb::reference {
namespace {

struct CurveBus {
  CurveKeys own = NewCurveKeys();
  CurveKeys planner = NewCurveKeys();
  CurveKeys arm = NewCurveKeys();
  RunningRouter router{Options()};

  RouterOptions Options() const {
    auto options = RunningRouter::AnyPorts();
    options.curve = CurveRouter{own, {{planner.public_key, "planner"}, {arm.public_key, "arm"}}};
    return options;
  }
  EndpointOptions With(const CurveKeys& keys) const {
    EndpointOptions options{.channels = router.program().channels(),
                            .ack_ingress = router.program().ack_ingress(),
                            .ack_egress = router.program().ack_egress()};
    options.curve = CurveEndpoint{own.public_key, keys};
    return options;
  }
};

TEST(ModuleWithCurve, SendsToAnotherThatHasItsKey) {
  CurveBus bus;
  Module planner("planner", bus.With(bus.planner));
  Module arm("arm", bus.With(bus.arm));
  ASSERT_TRUE(planner->WaitUntilReady(kPatience));
  ASSERT_TRUE(arm->WaitUntilReady(kPatience));
  planner->Send("main", "arm", {.payload = "grip"});
  const auto work = arm->Recv(kPatience);
  ASSERT_TRUE(work);
  EXPECT_EQ(work->source, "planner");
  arm->Succeed(*work);
  planner.LinesUntil("COMPLETED_SUCCESS (EXECUTION_ACK)");
}

// Its frames come under its key's id and say another: they are dropped, so that
// not even its PINGs are answered.
TEST(ModuleWithCurve, UnderTheIdOfAnotherIsNeverReady) {
  CurveBus bus;
  Module arm("arm", bus.With(bus.arm));
  ASSERT_TRUE(arm->WaitUntilReady(kPatience));
  Module impostor("planner", bus.With(bus.arm));
  EXPECT_FALSE(impostor->WaitUntilReady(std::chrono::milliseconds(300)));
}

}  // namespace
}  // namespace cmb::reference
