// A module with two routers over loopback: what the first does not deliver goes
// through by the second (spec 18.1).
#include <gtest/gtest.h>

#include "reference/endpoint/module_test_driver.h"

namespace cmb::reference {
namespace {

RouterOptions WithChannel(const std::string& name) {
  auto options = RunningRouter::AnyPorts();
  options.channels[0].name = name;
  return options;
}

EndpointOptions Towards(const RouterProgram& router) {
  return {.channels = router.channels(),
          .ack_ingress = router.ack_ingress(),
          .ack_egress = router.ack_egress()};
}

// Retries come at once.
ack::v1::DeliveryPolicy Impatient() {
  ack::v1::DeliveryPolicy policy;
  policy.set_router_ack_ms(50);
  policy.set_backoff_first_ms(1);
  return policy;
}

struct TwoRouters {
  RunningRouter first{WithChannel("main")};
  RunningRouter second{WithChannel("spare")};

  EndpointOptions Options() const {
    auto options = Towards(first.program());
    const auto& other = second.program();
    options.other_routers.push_back(
        {"second", other.channels(), other.ack_ingress(), other.ack_egress(), {}});
    return options;
  }
};

TEST(ModuleOfTwoRouters, WhatTheFirstCannotRouteTheSecondDelivers) {
  TwoRouters routers;
  Module sender("sender", routers.Options());
  Module target("target", Towards(routers.second.program()));
  ASSERT_TRUE(sender->WaitUntilReady(kPatience));
  ASSERT_TRUE(target->WaitUntilReady(kPatience));
  auto policy = Impatient();
  policy.add_retryable(ack::v1::ERROR_CODE_NO_ROUTE);
  const auto id = sender->Send("main", "target", {}, policy);
  const auto work = target->Recv(kPatience);
  ASSERT_TRUE(work);
  EXPECT_EQ(work->channel, "spare");
  target->Succeed(*work);
  sender.LinesUntil("-> COMPLETED_SUCCESS (EXECUTION_ACK)");
  EXPECT_EQ(sender->GetTransaction(id)->channel(), "spare");
}

TEST(ModuleOfTwoRouters, OneThatIsAwayFromTheStartDoesNotKeepTheOtherBack) {
  std::optional<RunningRouter> first(WithChannel("main"));
  auto options = Towards(first->program());
  first.reset();  // Its addresses lead nowhere now.
  RunningRouter second(WithChannel("spare"));
  const auto& other = second.program();
  options.other_routers.push_back(
      {"second", other.channels(), other.ack_ingress(), other.ack_egress(), {}});
  Module sender("sender", options);
  Module target("target", Towards(other));
  ASSERT_TRUE(target->WaitUntilReady(kPatience));
  sender->Send("main", "target", {}, Impatient());
  const auto work = target->Recv(kPatience);
  ASSERT_TRUE(work);
  EXPECT_EQ(work->attempt, 2u);
  target->Succeed(*work);
  sender.LinesUntil("-> COMPLETED_SUCCESS (EXECUTION_ACK)");
}

}  // namespace
}  // namespace cmb::reference
