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

Request Script(const std::string& id, control::v1::ScriptEnd end) {
  Request script;
  script.mutable_script_execution()->set_source("sender");
  script.mutable_script_execution()->set_message_id(id);
  script.mutable_script_execution()->set_end(end);
  return script;
}

TEST(HarnessAsTarget, AScriptThatStartsLaterSaysSoAndTellsHowFarItIs) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", Settings());
  Request script = Script("m1", control::v1::SCRIPT_END_SUCCESS);
  script.mutable_script_execution()->set_starts_ms(1000);
  script.mutable_script_execution()->set_after_ms(3000);
  auto& progress = *script.mutable_script_execution()->add_progress();
  progress.set_at_ms(2000);
  progress.set_percent(40);
  ASSERT_FALSE(driver.Call(script).has_error());
  driver.SendTo(0, "target", MessageFrames("m1"));
  driver.Advance(0, 1);
  EXPECT_EQ(Ack(driver.Next(1)), "RECEIPT/SUCCESS m1");
  driver.Advance(1000, 1);
  EXPECT_EQ(Ack(driver.Next(1)), "EXECUTION_ACK/IN_PROGRESS m1");
  driver.Advance(2000, 1);
  const auto said = driver.Next(1).header.ack();
  EXPECT_EQ(said.ack_type(), ack::v1::ACK_TYPE_PROGRESS_ACK);
  EXPECT_EQ(said.progress_number(), 2u);  // Behind the IN_PROGRESS.
  EXPECT_EQ(said.percent(), 40u);
  driver.Advance(3000, 1);
  EXPECT_EQ(Ack(driver.Next(1)), "EXECUTION_ACK/SUCCESS m1");
}

TEST(HarnessAsTarget, AHoldIsSaidAtTheArrivalAndEndsInAStart) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", Settings());
  Request script = Script("m1", control::v1::SCRIPT_END_NEVER);
  script.mutable_script_execution()->set_hold_ms(5000);
  driver.Call(script);
  driver.SendTo(0, "target", MessageFrames("m1"));
  EXPECT_EQ(driver.Advance(0, 1).next_deadline().ms(), 5000u);
  driver.Next(1);
  EXPECT_EQ(driver.Next(1).header.ack().hold_ms(), 5000u);
  EXPECT_EQ(Lines(driver.Advance(5000, 1)), (Strings{"[m1] RECEIVED -> EXECUTING (HANDLER_STARTED)",
                                                     "[m1] execution of m1 from sender"}));
  EXPECT_FALSE(driver.Next(1).header.ack().has_hold_ms());
}

class HarnessOnCancel : public testing::TestWithParam<control::v1::ScriptOnCancel> {};

TEST_P(HarnessOnCancel, TheHandlerStopsOrDoesNot) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", Settings());
  Request script = Script("m1", control::v1::SCRIPT_END_SUCCESS);
  script.mutable_script_execution()->set_after_ms(1000);
  script.mutable_script_execution()->set_on_cancel(GetParam());
  driver.Call(script);
  driver.SendTo(0, "target", MessageFrames("m1"));
  driver.Advance(0, 1);
  driver.SendTo(
      2, "target",
      AckFrames("sender", "target", ack::v1::ACK_TYPE_CANCEL, ack::v1::STATUS_UNSPECIFIED, "m1"));
  const bool ignores = GetParam() == control::v1::SCRIPT_ON_CANCEL_IGNORE;
  EXPECT_EQ(Lines(driver.Advance(500, 2)),
            ignores ? Strings{} : Strings{"[m1] EXECUTING -> CANCELLED (CANCEL)"});
  driver.Next(1);
  if (ignores) {
    driver.Advance(1000, 2);
    EXPECT_EQ(Ack(driver.Next(1)), "EXECUTION_ACK/SUCCESS m1");
  } else {
    EXPECT_EQ(Ack(driver.Next(1)), "EXECUTION_ACK/FAILURE m1");
  }
}

INSTANTIATE_TEST_SUITE_P(, HarnessOnCancel,
                         testing::Values(control::v1::SCRIPT_ON_CANCEL_UNSPECIFIED,
                                         control::v1::SCRIPT_ON_CANCEL_STOP,
                                         control::v1::SCRIPT_ON_CANCEL_IGNORE));

TEST(HarnessAsTarget, ARefusalNeverStarts) {
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", Settings());
  Request script;
  script.mutable_script_execution()->set_source("sender");
  script.mutable_script_execution()->set_message_id("m1");
  script.mutable_script_execution()->set_end(control::v1::SCRIPT_END_REJECTED);
  script.mutable_script_execution()->set_starts_ms(0);  // Means nothing then.
  script.mutable_script_execution()->set_error_code(ack::v1::ERROR_CODE_PERMISSION_DENIED);
  driver.Call(script);
  driver.SendTo(0, "target", MessageFrames("m1"));
  EXPECT_EQ(Lines(driver.Advance(0, 1)), Strings{"[m1] RECEIVED -> REJECTED (HANDLER_REFUSED)"});
}

}  // namespace
}  // namespace cmb::reference
