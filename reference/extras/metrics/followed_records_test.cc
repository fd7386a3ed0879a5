// What is remembered of records, and when no more. Times and counts as Prometheus sees
// them are in metrics_event_sink_test.cc.
#include "reference/extras/metrics/followed_records.h"

#include <gtest/gtest.h>

namespace cmb::reference {
namespace {

ack::v1::TransitionEvent Delivered(const std::string& id, std::uint64_t at_ms) {
  ack::v1::TransitionEvent event;
  event.set_role(ack::v1::ROLE_ROUTER);
  event.set_message_id(id);
  event.set_old_state(ack::v1::STATE_FORWARDING);
  event.set_new_state(ack::v1::STATE_DELIVERED);
  event.set_monotonic_ms(at_ms);
  return event;
}

ack::v1::TransitionEvent Settled(const std::string& id, std::uint64_t at_ms) {
  auto event = Delivered(id, at_ms);
  event.set_old_state(ack::v1::STATE_DELIVERED);
  event.set_new_state(ack::v1::STATE_SETTLED);
  return event;
}

TEST(FollowedRecords, TheOneThatChangedLongestAgoGivesWay) {
  FollowedRecords records(2);
  records.Take(Delivered("z", 0));
  records.Take(Delivered("a", 1));
  records.Take(Delivered("b", 2));
  EXPECT_EQ(records.pending().at({ack::v1::ROLE_ROUTER, ack::v1::STATE_DELIVERED}), 2u);
  EXPECT_EQ(records.Take(Settled("z", 9)).stage_ms, std::nullopt);
  EXPECT_EQ(records.Take(Settled("a", 9)).stage_ms, 8u);
  EXPECT_EQ(records.Take(Settled("b", 9)).stage_ms, 7u);
}

TEST(FollowedRecords, WhatEndsIsForgotten) {
  FollowedRecords records(2);
  records.Take(Delivered("a", 0));
  records.Take(Settled("a", 5));
  EXPECT_EQ(records.pending().at({ack::v1::ROLE_ROUTER, ack::v1::STATE_DELIVERED}), 0u);
  EXPECT_EQ(records.Take(Settled("a", 9)).stage_ms, std::nullopt);
}

}  // namespace
}  // namespace cmb::reference
