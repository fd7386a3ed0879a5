#include "reference/harness/replay_check.h"

#include <gtest/gtest.h>

namespace cmb::reference {
namespace {

ack::v1::Event Sent() {
  ack::v1::Event event;
  event.set_number(1);
  auto& transition = *event.mutable_transition();
  transition.set_role(ack::v1::ROLE_SENDER);
  transition.set_source("sender");
  transition.set_target("target");
  transition.set_message_id("m1");
  transition.set_old_state(ack::v1::STATE_IDLE);
  transition.set_new_state(ack::v1::STATE_SEND_PENDING);
  transition.set_reason(ack::v1::REASON_SEND);
  transition.set_attempt(1);
  return event;
}

std::optional<ack::v1::TransactionRecord> Record(ack::v1::State state) {
  ack::v1::TransactionRecord record;
  record.set_state(state);
  record.set_reason(ack::v1::REASON_SEND);
  record.set_attempt(1);
  return record;
}

ReplayCheck::Finder Gives(ack::v1::State state) {
  return [state](const auto&, const auto&) { return Record(state); };
}

TEST(ReplayCheck, EventsThatTellTheRecordAreNoFault) {
  ReplayCheck check;
  check.Write(Sent());
  EXPECT_EQ(check.Fault(Gives(ack::v1::STATE_SEND_PENDING)), std::nullopt);
}

TEST(ReplayCheck, ARecordThatTheEventsDoNotGiveIsAFault) {
  ReplayCheck check;
  check.Write(Sent());
  EXPECT_EQ(check.Fault(Gives(ack::v1::STATE_ROUTED)),
            "the events of m1 of sender give SEND_PENDING (SEND) UNSPECIFIED attempt 1, and its "
            "record is ROUTED (SEND) UNSPECIFIED attempt 1");
}

TEST(ReplayCheck, AnAttemptMayRiseAndNotFall) {
  ReplayCheck check;
  auto event = Sent();
  event.mutable_transition()->set_attempt(0);
  check.Write(event);
  EXPECT_EQ(check.Fault(Gives(ack::v1::STATE_SEND_PENDING)), std::nullopt);
  check.Begin(false);
  event.mutable_transition()->set_attempt(2);
  check.Write(event);
  EXPECT_TRUE(check.Fault(Gives(ack::v1::STATE_SEND_PENDING)));
}

TEST(ReplayCheck, WhatARouterMadeAnewAfterForgettingIsNoFault) {
  ReplayCheck check;
  auto event = Sent();
  event.mutable_transition()->set_role(ack::v1::ROLE_ROUTER);
  event.mutable_transition()->set_old_state(ack::v1::STATE_FORWARDING);
  event.mutable_transition()->set_new_state(ack::v1::STATE_CANCELLED);
  event.mutable_transition()->set_reason(ack::v1::REASON_CANCEL);
  check.Write(event);
  const auto told = [](ack::v1::Role role) {
    return [role](const auto&, const auto&) {
      auto record = Record(ack::v1::STATE_FORWARDING);
      record->set_role(role);
      record->clear_reason();
      return record;
    };
  };
  EXPECT_EQ(check.Fault(told(ack::v1::ROLE_ROUTER)), std::nullopt);
  EXPECT_TRUE(check.Fault(told(ack::v1::ROLE_SENDER)));
}

TEST(ReplayCheck, AGapInTheNumbersIsAFault) {
  ReplayCheck check;
  auto event = Sent();
  event.set_number(2);
  check.Write(event);
  EXPECT_TRUE(check.Fault(Gives(ack::v1::STATE_SEND_PENDING)));
}

TEST(ReplayCheck, ANewCaseBeginsAnew) {
  ReplayCheck check;
  auto event = Sent();
  event.set_number(2);
  check.Write(event);
  check.Begin(false);
  check.Write(Sent());
  EXPECT_EQ(check.Fault(Gives(ack::v1::STATE_SEND_PENDING)), std::nullopt);
}

TEST(ReplayCheck, OfRecoveredRecordsNothingCanBeSaid) {
  ReplayCheck check;
  check.Begin(true);
  check.Write(Sent());
  EXPECT_EQ(check.Fault(Gives(ack::v1::STATE_ROUTED)), std::nullopt);
}

}  // namespace
}  // namespace cmb::reference
