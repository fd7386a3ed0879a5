// cmb-reference-iut as a process on a control channel: its life.
#include "reference/harness/harness.h"

#include <gtest/gtest.h>

#include "reference/harness/harness_test_frames.h"

namespace cmb::reference {
namespace {

TEST(Harness, SaysHelloWithItsClaimsAndItsIncarnation) {
  HarnessDriver driver;
  EXPECT_EQ(driver.hello().incarnation(), "seven");
  EXPECT_EQ(driver.hello().pics().roles_size(), 3);
  EXPECT_EQ(driver.hello().pics().SerializeAsString(), PicsOf({}).SerializeAsString());
}

TEST(Harness, EndsWhenStdinCloses) {
  HarnessDriver driver;
  driver.process().CloseStdin();
  EXPECT_EQ(driver.process().WaitForExit(), 0);
}

TEST(Harness, EndsAfterItHasAnsweredShutdown) {
  HarnessDriver driver;
  Request request;
  request.mutable_shutdown();
  EXPECT_FALSE(driver.Call(request).has_error());
  EXPECT_EQ(driver.process().WaitForExit(), 0);
}

TEST(Harness, WithoutControlAddressItIsWrongUse) {
  IutProcess process({});
  EXPECT_EQ(process.WaitForExit(), 64);
}

TEST(Harness, AnAddressThatIsNoneCannotRun) {
  IutProcess process({"CMB_CONTROL=nonsense"});
  EXPECT_EQ(process.WaitForExit(), 2);
}

TEST(Harness, RefusesWhatComesBeforeConfigureAndBegin) {
  HarnessDriver driver;
  EXPECT_EQ(driver.Advance(0, 0).error().kind(), control::v1::ERROR_KIND_BAD_REQUEST);
}

TEST(Harness, RefusesAWrongSeqAndGoesOnWithTheRightOne) {
  HarnessDriver driver;
  Request request;
  request.set_seq(5);
  request.set_incarnation("seven");
  request.mutable_shutdown();
  EXPECT_EQ(driver.CallRaw(request).error().kind(), control::v1::ERROR_KIND_BAD_REQUEST);
  request.set_seq(1);
  EXPECT_FALSE(driver.CallRaw(request).has_error());
}

TEST(Harness, RefusesARoleThatIsNone) {
  HarnessDriver driver;
  Request request;
  request.mutable_configure()->set_module_id("sender");
  EXPECT_EQ(driver.Call(request).error().kind(), control::v1::ERROR_KIND_UNSUPPORTED);
}

TEST(Harness, ClaimsLessWhereItIsToldTo) {
  HarnessDriver driver({"--profile", "TRACKED", "--without", "ordered"});
  const auto& pics = driver.hello().pics();
  EXPECT_EQ(pics.roles(0).profile(), ack::v1::PROFILE_TRACKED);
  EXPECT_EQ(pics.features_size(), PicsOf({}).features_size() - 1);
}

// A sender that finds nobody at its addresses.
Request SenderAlone(const std::string& store = "") {
  Request request;
  auto& configure = *request.mutable_configure();
  configure.set_role(ack::v1::ROLE_SENDER);
  configure.set_module_id("sender");
  configure.add_channels()->set_address("tcp://127.0.0.1:1");
  configure.set_ack_ingress("tcp://127.0.0.1:1");
  configure.set_ack_egress("tcp://127.0.0.1:1");
  configure.set_store(store);
  return request;
}

TEST(Harness, RefusesAStoreWhereDurableIsNotClaimed) {
  HarnessDriver driver({"--profile", "TRACKED"});
  EXPECT_EQ(driver.Call(SenderAlone("/tmp")).error().kind(), control::v1::ERROR_KIND_UNSUPPORTED);
}

TEST(Harness, AStoreThatCannotBeOpenedIsABadRequest) {
  HarnessDriver driver;
  EXPECT_EQ(driver.Call(SenderAlone("/nonexistent/directory")).error().kind(),
            control::v1::ERROR_KIND_BAD_REQUEST);
}

TEST(Harness, BeforeBeginNothingIsCounted) {
  HarnessDriver driver;
  EXPECT_FALSE(driver.Call(SenderAlone()).has_error());
  const auto again = driver.Call(SenderAlone());
  EXPECT_EQ(again.error().kind(), control::v1::ERROR_KIND_BAD_REQUEST);
  EXPECT_EQ(again.sent_by_socket_size(), 0);
  EXPECT_EQ(again.events_size(), 0);
}

TEST(Harness, AnAddressThatCannotBeBoundIsABindError) {
  HarnessDriver driver;
  Request request;
  auto& configure = *request.mutable_configure();
  configure.set_role(ack::v1::ROLE_ROUTER);
  configure.set_module_id("@router");
  configure.add_channels()->set_address("tcp://256.0.0.1:1");
  configure.set_ack_ingress("tcp://127.0.0.1:*");
  configure.set_ack_egress("tcp://127.0.0.1:*");
  EXPECT_EQ(driver.Call(request).error().kind(), control::v1::ERROR_KIND_BIND);
}

}  // namespace
}  // namespace cmb::reference
