#include "conformance/lower_tester/proof_counts.h"

#include <gtest/gtest.h>

namespace cmb::conformance {
namespace {

void Tell(Exchange& exchange, std::uint64_t number, const std::string& message_id) {
  ack::v1::Event& event = *exchange.reply.add_events();
  event.set_number(number);
  event.mutable_anomaly()->set_kind(ack::v1::ANOMALY_KIND_UNDELIVERABLE);
  event.mutable_anomaly()->set_message_id(message_id);
}

TEST(ProofCounts, WhatIsToldOfThemIsNotSeenAndLeavesNoGap) {
  ProofCounts proven;
  Exchange first;
  Tell(first, 1, "m-1");
  Tell(first, 2, "@proof-1-2");
  Tell(first, 3, "m-2");
  proven.SubtractFrom(first);
  ASSERT_EQ(first.reply.events_size(), 2);
  EXPECT_EQ(first.reply.events(1).anomaly().message_id(), "m-2");
  EXPECT_EQ(first.reply.events(1).number(), 2u);

  Exchange later;
  Tell(later, 4, "@other-1");
  proven.SubtractFrom(later);
  ASSERT_EQ(later.reply.events_size(), 1);
  EXPECT_EQ(later.reply.events(0).number(), 3u);
}

}  // namespace
}  // namespace cmb::conformance
