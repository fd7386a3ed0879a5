// cmb-reference-iut with a store: what a process leaves behind when it is
// killed, and what the next one makes of it (CMB-CTL-019).
#include <gtest/gtest.h>

#include "reference/harness/harness_test_frames.h"
#include "reference/extras/store/store_test_files.h"

namespace cmb::reference {
namespace {

Request TransactionOf(const std::string& source, const std::string& id) {
  Request request;
  request.mutable_get_transaction()->set_source(source);
  request.mutable_get_transaction()->set_message_id(id);
  return request;
}

control::v1::Settings SettingsAt(std::uint64_t now_ms) {
  auto settings = Settings();
  settings.set_now_ms(now_ms);
  return settings;
}

TEST(HarnessDurable, ASenderGoesOnWhereItWasAndReusesNoId) {
  FreshDirectory directory;
  {
    HarnessDriver driver;
    driver.KeepIn(directory.path());
    driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
    EXPECT_EQ(driver.Call(SendRequest()).sent_message().message_id(), "case-1");
    driver.process().Kill();
  }
  HarnessDriver driver;
  driver.KeepIn(directory.path());
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", SettingsAt(400));
  EXPECT_EQ(driver.begun().next_deadline().ms(), 1000u);
  const auto record = driver.Call(TransactionOf("sender", "case-1")).transaction().record();
  EXPECT_EQ(record.state(), ack::v1::STATE_SEND_PENDING);
  EXPECT_EQ(record.attempt(), 1u);
  EXPECT_EQ(driver.Call(SendRequest()).sent_message().message_id(), "case-2");
  EXPECT_EQ(driver.Next(0).payload, "hello");
  const auto reply = driver.Advance(1000, 0);
  EXPECT_EQ(Lines(reply)[0], "[case-1] SEND_PENDING -> TIMEOUT_ABORT (ROUTER_ACK_TIMEOUT)");
}

TEST(HarnessDurable, ARouterDeliversWhatItAccepted) {
  FreshDirectory directory;
  std::string header;
  {
    HarnessDriver driver;
    driver.KeepIn(directory.path());
    driver.BeginRouter({"sender", "target"}, Settings());
    driver.SendAs("sender", 0, MessageFrames("m1"));
    driver.Advance(0, 1);
    EXPECT_EQ(Ack(driver.NextAs("sender", 2)), "ROUTER_ACK/SUCCESS m1");
    driver.process().Kill();
  }
  HarnessDriver driver;
  driver.KeepIn(directory.path());
  driver.BeginRouter({"sender", "target"}, SettingsAt(5000));
  EXPECT_EQ(driver.begun().next_deadline().ms(), 5000u);  // Overdue: due now.
  driver.Advance(5000, 0);
  const auto again = driver.NextAs("target", 0);
  EXPECT_EQ(again.header.message_id(), "m1");
  EXPECT_EQ(again.header.ttl_ms(), 295'000u);
  EXPECT_EQ(again.payload, "payload of m1");
}

TEST(HarnessDurable, ATargetFailsWhatWasRunningAndAnswersCopiesFromTheRecord) {
  FreshDirectory directory;
  {
    HarnessDriver driver;
    driver.KeepIn(directory.path());
    driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", Settings());
    Request script;
    script.mutable_script_execution()->set_source("sender");
    script.mutable_script_execution()->set_message_id("m1");
    script.mutable_script_execution()->set_end(control::v1::SCRIPT_END_NEVER);
    driver.Call(script);
    driver.SendTo(0, "target", MessageFrames("m1"));
    driver.Advance(0, 1);
    EXPECT_EQ(Ack(driver.Next(1)), "RECEIPT/SUCCESS m1");
    driver.process().Kill();
  }
  HarnessDriver driver;
  driver.KeepIn(directory.path());
  driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", SettingsAt(5000));
  EXPECT_EQ(Lines(driver.begun()), Strings{"[m1] EXECUTING -> FAILED (INTERRUPTED)"});
  EXPECT_EQ(driver.begun().events(0).number(), 1u);
  EXPECT_EQ(driver.begun().sent(), 1u);
  EXPECT_EQ(Ack(driver.Next(1)), "EXECUTION_ACK/FAILURE m1");
  driver.SendTo(0, "target", MessageFrames("m1"));
  const auto reply = driver.Advance(5000, 1);
  EXPECT_EQ(reply.events_size(), 0);
  EXPECT_EQ(Ack(driver.Next(1)), "RECEIPT/SUCCESS m1");
  EXPECT_EQ(Ack(driver.Next(1)), "EXECUTION_ACK/FAILURE m1");
}

TEST(HarnessDurable, WhatWasToldIsNotToldAgain) {
  FreshDirectory directory;
  {
    HarnessDriver driver;
    driver.KeepIn(directory.path());
    driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", Settings());
    driver.SendTo(0, "target", MessageFrames("m1"));
    driver.Advance(0, 1);
    driver.process().Kill();
  }
  HarnessDriver driver;
  driver.KeepIn(directory.path());
  driver.BeginEndpoint(ack::v1::ROLE_TARGET, "target", Settings());
  EXPECT_EQ(driver.begun().sent(), 0u);
  EXPECT_EQ(driver.begun().events_size(), 0);
}

TEST(HarnessDurable, ResetEmptiesTheStore) {
  FreshDirectory directory;
  {
    HarnessDriver driver;
    driver.KeepIn(directory.path());
    driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
    driver.Call(SendRequest());
    Request reset;
    *reset.mutable_reset()->mutable_settings() = Settings();
    EXPECT_FALSE(driver.Call(reset).has_error());
    driver.process().Kill();
  }
  HarnessDriver driver;
  driver.KeepIn(directory.path());
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  EXPECT_FALSE(driver.begun().has_next_deadline());
  EXPECT_FALSE(driver.Call(TransactionOf("sender", "case-1")).transaction().has_record());
  EXPECT_EQ(driver.Call(SendRequest()).sent_message().message_id(), "case-1");
}

TEST(HarnessDurable, WithoutAStoreItStartsWithNoRecord) {
  {
    HarnessDriver driver;
    driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
    driver.Call(SendRequest());
    driver.process().Kill();
  }
  HarnessDriver driver;
  driver.BeginEndpoint(ack::v1::ROLE_SENDER, "sender", Settings());
  EXPECT_FALSE(driver.Call(TransactionOf("sender", "case-1")).transaction().has_record());
}

}  // namespace
}  // namespace cmb::reference
