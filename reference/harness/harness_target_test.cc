// cmb-reference-iut as a target: what its scripts do.
#include <gtest/gtest.h>

#include "reference/harness/harness_test_frames.h"

namespace cmb::reference {
namespace {

TEST(HarnessAsTarget, WithoutAScriptTheHandlerSucceedsAtOnce) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", Settings());
  driver.SendTo(0, "target", MessageFrames("m1"));
  const Reply reply = driver.Advance(0, 1);
  EXPECT_EQ(Ack(driver.Next(1)), "RECEIPT/SUCCESS m1");
  EXPECT_EQ(Ack(driver.Next(1)), "EXECUTION_ACK/SUCCESS m1");
  EXPECT_EQ(Lines(reply), (Strings{"[m1] RECEIVED -> EXECUTING (HANDLER_STARTED)",
                                   "[m1] execution of m1 from sender",
                                   "[m1] EXECUTING -> SUCCEEDED (HANDLER_SUCCEEDED)"}));
}

TEST(HarnessAsTarget, AScriptEndsWhenAndHowItSays) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", Settings());
  Request script;
  script.mutable_script_execution()->set_source("sender");
  script.mutable_script_execution()->set_message_id("m1");
  script.mutable_script_execution()->set_end(control::v1::SCRIPT_END_FAILURE);
  script.mutable_script_execution()->set_error_code(ack::v1::ERROR_CODE_TOOL_TIMEOUT);
  script.mutable_script_execution()->set_after_ms(5000);
  ASSERT_FALSE(driver.Call(script).has_error());
  driver.SendTo(0, "target", MessageFrames("m1"));
  const Reply begun = driver.Advance(100, 1);
  EXPECT_EQ(begun.next_deadline().ms(), 5100u);
  const Reply ended = driver.Advance(5100, 1);
  EXPECT_EQ(Lines(ended), Strings{"[m1] EXECUTING -> FAILED (HANDLER_FAILED)"});
  driver.Next(1);
  EXPECT_EQ(driver.Next(1).header.ack().error_code(), ack::v1::ERROR_CODE_TOOL_TIMEOUT);
}

TEST(HarnessAsTarget, ARefusalNeverStarts) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", Settings());
  Request script;
  script.mutable_script_execution()->set_source("sender");
  script.mutable_script_execution()->set_message_id("m1");
  script.mutable_script_execution()->set_end(control::v1::SCRIPT_END_REJECTED);
  script.mutable_script_execution()->set_error_code(ack::v1::ERROR_CODE_PERMISSION_DENIED);
  driver.Call(script);
  driver.SendTo(0, "target", MessageFrames("m1"));
  EXPECT_EQ(Lines(driver.Advance(0, 1)), Strings{"[m1] RECEIVED -> REJECTED (HANDLER_REFUSED)"});
}

}  // namespace
}  // namespace cmb::reference
