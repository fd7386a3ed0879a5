// Endpoints and a router on the real clock, in one process, over loopback. All
// waits have deadlines; nothing sleeps.
#include "reference/endpoint/module_endpoint.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "reference/endpoint/module_test_driver.h"
#include "reference/shell/zmq_transport.h"
#include "reference/store/full_tx_store.h"

namespace cmb::reference {
namespace {

using namespace std::chrono_literals;

EndpointOptions OptionsFor(const RouterProgram& router) {
  return {.channels = router.channels(),
          .ack_ingress = router.ack_ingress(),
          .ack_egress = router.ack_egress()};
}

TEST(ModuleEndpoint, PlainPathCompletes) {
  RunningRouter router;
  Module sender("sender", router.program());
  Module target("target", router.program());
  ASSERT_TRUE(target->WaitUntilReady(kPatience));

  const auto id = sender->Send("main", "target", {.payload = "hello"});
  const auto work = target->Recv(kPatience);
  ASSERT_TRUE(work);
  EXPECT_EQ(work->source, "sender");
  EXPECT_EQ(work->message_id, id);
  EXPECT_EQ(work->payload, "hello");
  target->Succeed(*work, "done");

  const auto lines = sender.LinesUntil("-> COMPLETED_SUCCESS (EXECUTION_ACK)");
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front(), "[" + id + "] IDLE -> SEND_PENDING (SEND)");
  const auto record = sender->GetTransaction(id);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state(), ack::v1::STATE_COMPLETED_SUCCESS);
  EXPECT_EQ(record->certainty(), ack::v1::CERTAINTY_EXECUTED);
  EXPECT_EQ(record->attempt(), 1u);
  EXPECT_EQ(target->GetTransaction("sender", id)->state(), ack::v1::STATE_SUCCEEDED);
}

TEST(ModuleEndpoint, PollEventsGivesEachEventOnce) {
  RunningRouter router;
  Module sender("sender", router.program());
  Module target("target", router.program());
  ASSERT_TRUE(target->WaitUntilReady(kPatience));
  sender->Send("main", "target", {});
  const auto work = target->Recv(kPatience);
  ASSERT_TRUE(work);
  target->Succeed(*work);
  const auto lines = sender.LinesUntil("-> COMPLETED_SUCCESS (EXECUTION_ACK)");
  std::vector<std::string> polled;
  for (const auto& event : sender->PollEvents()) {
    polled.push_back(EventLine(event));
  }
  EXPECT_EQ(polled, lines);
  EXPECT_TRUE(sender->PollEvents().empty());
}

// Waiting for a connection an attempt takes as long as it may (README.md says so too).
TEST(ModuleEndpoint, WithoutARouterAMessageEndsWithItsAttempts) {
  Module sender("sender", {.channels = {{"main", "tcp://127.0.0.1:1"}},
                           .ack_ingress = "tcp://127.0.0.1:1",
                           .ack_egress = "tcp://127.0.0.1:1"});
  ack::v1::DeliveryPolicy policy;
  policy.set_router_ack_ms(20);
  policy.set_max_retries(1);
  policy.set_backoff_first_ms(1);
  const auto id = sender->Send("main", "target", {.payload = "hello"}, policy);
  sender.LinesUntil("SEND_PENDING -> TIMEOUT_ABORT (ROUTER_ACK_TIMEOUT)");
  EXPECT_EQ(sender->GetTransaction(id)->attempt(), 2u);
}

// libzmq hands the id over to who comes last, and nobody tells the first.
TEST(ModuleEndpoint, HasItsIdBackAfterAnotherHadTakenIt) {
  RunningRouter router;
  auto options = OptionsFor(router.program());
  options.heartbeat_timeout = 300ms;
  Module target("target", options);
  ASSERT_TRUE(target->WaitUntilReady(kPatience));
  {
    Module thief("target", OptionsFor(router.program()));
    ASSERT_TRUE(thief->WaitUntilReady(kPatience));
  }
  Module sender("sender", router.program());
  ack::v1::DeliveryPolicy policy;
  policy.set_backoff_first_ms(50);
  policy.set_backoff_factor(1.0);
  policy.set_max_retries(100);
  policy.add_retryable(ack::v1::ERROR_CODE_NO_ROUTE);
  sender->Send("main", "target", {}, policy);
  EXPECT_TRUE(target->Recv(kPatience));
}

TEST(ModuleEndpoint, AFailureTellsItsCodeAndRaisesOneAlert) {
  RunningRouter router;
  Module sender("sender", router.program());
  Module target("target", router.program());
  ASSERT_TRUE(target->WaitUntilReady(kPatience));
  const auto id = sender->Send("main", "target", {});
  const auto work = target->Recv(kPatience);
  ASSERT_TRUE(work);
  target->Fail(*work, ack::v1::ERROR_CODE_TOOL_TIMEOUT, "the tool hung");
  sender.LinesUntil("-> COMPLETED_FAILURE (EXECUTION_ACK)");
  const auto record = sender->GetTransaction(id);
  EXPECT_EQ(record->error_code(), ack::v1::ERROR_CODE_TOOL_TIMEOUT);
  EXPECT_EQ(record->alert(), ack::v1::ALERT_STATE_RAISED);
}

TEST(ModuleEndpoint, WhatIsNotAdmittedIsRefusedAndNeverReceived) {
  RunningRouter router;
  Module sender("sender", router.program());
  Module target("target", EndpointOptions{.channels = router.program().channels(),
                                          .ack_ingress = router.program().ack_ingress(),
                                          .ack_egress = router.program().ack_egress(),
                                          .admit = [](const Received&) {
                                            return ack::v1::ERROR_CODE_PERMISSION_DENIED;
                                          }});
  ASSERT_TRUE(target->WaitUntilReady(kPatience));
  const auto id = sender->Send("main", "target", {});
  sender.LinesUntil("-> COMPLETED_FAILURE (EXECUTION_ACK)");
  EXPECT_EQ(sender->GetTransaction(id)->error_code(), ack::v1::ERROR_CODE_PERMISSION_DENIED);
  EXPECT_FALSE(target->Recv(0ms));
}

TEST(ModuleEndpoint, OneModuleIsSenderAndTargetAtOnce) {
  RunningRouter router;
  Module a("a", router.program());
  Module b("b", router.program());
  ASSERT_TRUE(a->WaitUntilReady(kPatience) && b->WaitUntilReady(kPatience));
  a->Send("main", "b", {.payload = "to b"});
  b->Send("main", "a", {.payload = "to a"});
  const auto at_b = b->Recv(kPatience);
  const auto at_a = a->Recv(kPatience);
  ASSERT_TRUE(at_a && at_b);
  a->Succeed(*at_a);
  b->Succeed(*at_b);
  a.LinesUntil("-> COMPLETED_SUCCESS (EXECUTION_ACK)");
  b.LinesUntil("-> COMPLETED_SUCCESS (EXECUTION_ACK)");
}

TEST(ModuleEndpoint, AnAbsentTargetIsNotExecutedForCertain) {
  RunningRouter router;
  Module sender("sender", router.program());
  const auto id = sender->Send("main", "nobody", {});
  sender.LinesUntil("-> COMPLETED_FAILURE (ROUTER_ACK)");
  const auto record = sender->GetTransaction(id);
  EXPECT_EQ(record->error_code(), ack::v1::ERROR_CODE_NO_ROUTE);
  EXPECT_EQ(record->certainty(), ack::v1::CERTAINTY_NOT_EXECUTED);
}

TEST(ModuleEndpoint, CancelEndsTheWait) {
  RunningRouter router;
  Module sender("sender", router.program());
  Module target("target", router.program());
  ASSERT_TRUE(target->WaitUntilReady(kPatience));
  const auto id = sender->Send("main", "target", {});
  sender.LinesUntil("-> DELIVERED (DELIVERY_ACK)");
  sender->Cancel(id);
  sender.LinesUntil("-> TIMEOUT_ABORT (CANCEL)");
}

TEST(ModuleEndpoint, AMessageSentBeforeTheRouterExistsArrivesAllTheSame) {
  // Addresses that can be connected to before anybody binds them.
  const auto folder =
      std::filesystem::temp_directory_path() / ("cmb-endpoint-test-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  RouterOptions options;
  options.channels = {{"main", "ipc://" + (folder / "main").string()}};
  options.ack_ingress = "ipc://" + (folder / "ingress").string();
  options.ack_egress = "ipc://" + (folder / "egress").string();
  const EndpointOptions endpoint{.channels = options.channels,
                                 .ack_ingress = options.ack_ingress,
                                 .ack_egress = options.ack_egress};
  {
    Module both("both", endpoint);
    const auto id = both->Send("main", "both", {.payload = "early"});
    EXPECT_FALSE(both->WaitUntilReady(20ms));
    RunningRouter router(options);
    const auto work = both->Recv(kPatience);
    ASSERT_TRUE(work);
    EXPECT_EQ(work->payload, "early");
    both->Succeed(*work);
    both.LinesUntil("-> COMPLETED_SUCCESS (EXECUTION_ACK)");
    EXPECT_EQ(both->GetTransaction(id)->attempt(), 1u);
  }
  std::filesystem::remove_all(folder);
}

TEST(ModuleEndpoint, RefusesASendOnAChannelThatDoesNotExist) {
  RunningRouter router;
  Module sender("sender", router.program());
  try {
    sender->Send("side", "target", {});
    FAIL() << "it was sent";
  } catch (const SendRefused& refused) {
    EXPECT_EQ(refused.code(), ack::v1::ERROR_CODE_VALIDATION_ERROR);
    EXPECT_STREQ(refused.what(), "there is no channel \"side\"");
  }
}

TEST(ModuleEndpoint, RefusesAModuleIdThatIsReserved) {
  EXPECT_THROW(ModuleEndpoint({.module_id = "@router"}), std::invalid_argument);
  EXPECT_THROW(ModuleEndpoint({.module_id = ""}), std::invalid_argument);
  lifecycle::SenderConfig hasty;
  hasty.max_latency = std::chrono::milliseconds(14'999);  // CMB-TMR-009.
  EXPECT_THROW(ModuleEndpoint({.module_id = "m", .sender = hasty}), std::invalid_argument);
}

TEST(ModuleEndpoint, RefusesAnAddressThatIsNone) {
  EXPECT_THROW(ModuleEndpoint({.module_id = "m", .ack_ingress = "nonsense"}), AddressError);
}

// A sink that refuses everything.
class BrokenSink : public EventSink {
 public:
  void Write(const ack::v1::Event&) override { throw std::runtime_error("disk full"); }
  void Flush() override {}
};

// 20.3: events are for watching.
TEST(ModuleEndpoint, GoesOnWhereItsEventsCannotBeKept) {
  RunningRouter router;
  BrokenSink broken;
  auto options = OptionsFor(router.program());
  options.sinks = {&broken};
  Module sender("sender", std::move(options));
  sender->Send("main", "target", {});
  sender.LinesUntil("-> COMPLETED_FAILURE (ROUTER_ACK)");
}

TEST(ModuleEndpoint, StopsWhereItsRecordsCannotBeKept) {
  RunningRouter router;
  FullTxStore store;
  store.Fill();
  auto options = OptionsFor(router.program());
  options.store = &store;
  Module sender("sender", std::move(options));
  EXPECT_THROW(sender->Send("main", "target", {}), std::runtime_error);
  EXPECT_THROW(sender->GetTransaction("any"), std::runtime_error);
  EXPECT_FALSE(sender->Recv(kPatience));  // Until it has stopped.
  EXPECT_THROW(sender->WaitUntilReady(kPatience), std::runtime_error);
  EXPECT_THROW(sender->IsCancelled({}), std::runtime_error);
  const auto take_all = [&] {
    while (!sender->WaitForEvents(kPatience).empty()) {
    }
  };
  EXPECT_THROW(take_all(), std::runtime_error);
  EXPECT_THROW(sender->PollEvents(), std::runtime_error);
}

}  // namespace
}  // namespace cmb::reference
