// Batches of ACKs at the router's shell: taken apart, and put together.
#include <gtest/gtest.h>

#include "reference/router/router_test_bench.h"
#include "reference/shell/ack_batch.h"

namespace cmb::reference {
namespace {

using namespace ack::v1;  // Words of the schema alone.

CognitiveMessage BatchOf(const std::vector<CognitiveMessage>& acks) {
  auto batch = acks.at(0);
  batch.clear_ack();
  for (const auto& ack : acks) {
    *batch.mutable_ack_batch()->add_acks() = ack.ack();
  }
  return batch;
}

CognitiveMessage Success(const std::string& id) {
  return AckHeaderOf("target", "sender", ACK_TYPE_EXECUTION_ACK, STATUS_SUCCESS, id);
}

// The sender's messages; with `takes_batches` it says so.
void Sends(Bench& bench, const std::vector<std::string>& ids, bool takes_batches) {
  for (const auto& id : ids) {
    auto message = MessageHeader(id);
    SayBatches(takes_batches, message);
    bench.Arrives(kMain, message);
  }
  bench.sockets.Forget();
}

TEST(RouterBatch, OfReceiptsIsJudgedOneByOne) {
  Bench bench;
  Sends(bench, {"m1", "m2"}, false);
  bench.Arrives(kIngress, BatchOf({Receipt("m1"), Receipt("unknown"), Receipt("m2")}), "");
  EXPECT_EQ(bench.shell.Find("sender", "m1")->state(), STATE_DELIVERED);
  EXPECT_EQ(bench.shell.Find("sender", "m2")->state(), STATE_DELIVERED);
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNKNOWN_MESSAGE"});
}

TEST(RouterBatch, AMalformedOneIsOneAnomalyAndTheOthersCount) {
  Bench bench;
  Sends(bench, {"m1"}, false);
  auto nameless = Receipt("");
  bench.Arrives(kIngress, BatchOf({nameless, Receipt("m1")}), "");
  EXPECT_EQ(bench.shell.Find("sender", "m1")->state(), STATE_DELIVERED);
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"MALFORMED"});
}

TEST(RouterBatch, AVersionThatIsUnknownIsCountedForEachAck) {
  Bench bench;
  auto batch = BatchOf({Receipt("m1"), Receipt("m2")});
  batch.set_schema_version(2);
  bench.Arrives(kIngress, batch, "");
  EXPECT_EQ(TakeAnomalies(bench.events), (Words{"UNKNOWN_VALUE", "UNKNOWN_VALUE"}));
}

TEST(RouterBatch, OfNoneOrOfTooManyIsMalformedAsAWhole) {
  Bench bench;
  auto none = Receipt();
  none.clear_ack();
  none.mutable_ack_batch();
  bench.Arrives(kIngress, none, "");
  bench.Arrives(kIngress, BatchOf(std::vector(kLargestBatch + 1, Receipt())), "");
  EXPECT_EQ(TakeAnomalies(bench.events), (Words{"MALFORMED", "MALFORMED"}));
}

TEST(RouterBatch, WithoutTheFeatureIsUnsupportedAsAWhole) {
  RouterSettings settings;
  settings.batch_ack = false;
  Bench bench(settings);
  bench.Arrives(kIngress, BatchOf({Receipt(""), Receipt()}), "");
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNSUPPORTED"});
}

TEST(RouterBatch, WhatIsPassedOnLeavesAsItCameAndInOrder) {
  Bench bench;
  Sends(bench, {"m1", "m2"}, false);
  auto first = Success("m1");
  first.mutable_ack()->set_note("all of it");
  first.set_traceparent("00-trace");
  bench.Arrives(kIngress, BatchOf({first, Success("m2")}), "");
  std::vector<std::string> executions;
  for (const auto& sent : bench.sockets.sent()) {
    if (sent.header.ack().ack_type() == ACK_TYPE_EXECUTION_ACK) {
      executions.push_back(sent.header.SerializeAsString());
    }
  }
  auto second = Success("m2");
  second.set_traceparent("00-trace");
  EXPECT_EQ(executions,
            (std::vector<std::string>{first.SerializeAsString(), second.SerializeAsString()}));
}

TEST(RouterBatch, OwnAcksOfOneStepGoTogetherToWhoSaidSo) {
  Bench bench;
  Sends(bench, {"m1", "m2", "m3"}, true);
  bench.Arrives(kIngress, BatchOf({Receipt("m1"), Receipt("m2"), Receipt("m3")}), "");
  ASSERT_EQ(bench.sockets.sent().size(), 1u);
  const auto& batch = bench.sockets.sent()[0].header;
  EXPECT_EQ(batch.targets(0), "sender");
  ASSERT_EQ(batch.ack_batch().acks_size(), 3);
  EXPECT_EQ(batch.ack_batch().acks(2).ack_type(), ACK_TYPE_DELIVERY_ACK);
  EXPECT_EQ(batch.ack_batch().acks(2).correlation_id(), "m3");
}

TEST(RouterBatch, NeverToWhoDidNotSaySoOrTookItBack) {
  Bench bench;
  Sends(bench, {"m1"}, true);
  Sends(bench, {"m2"}, false);
  bench.Arrives(kIngress, BatchOf({Receipt("m1"), Receipt("m2")}), "");
  ASSERT_EQ(bench.sockets.sent().size(), 2u);
  EXPECT_TRUE(bench.sockets.sent()[0].header.has_ack());
}

TEST(RouterBatch, NeverHoldsMoreThanItsLimit) {
  RouterSettings settings;
  settings.batch = 2;
  Bench bench(settings);
  Sends(bench, {"m1", "m2", "m3"}, true);
  bench.Arrives(kIngress, BatchOf({Receipt("m1"), Receipt("m2"), Receipt("m3")}), "");
  ASSERT_EQ(bench.sockets.sent().size(), 2u);
  EXPECT_EQ(bench.sockets.sent()[0].header.ack_batch().acks_size(), 2);
  EXPECT_TRUE(bench.sockets.sent()[1].header.has_ack());
}

TEST(RouterBatch, ADeliveryStaysBeforeTheExecutionThatImpliesIt) {
  Bench bench;
  Sends(bench, {"m1", "m2"}, true);
  bench.Arrives(kIngress, BatchOf({Success("m1"), Success("m2")}), "");
  std::vector<std::string> order;
  for (const auto& sent : bench.sockets.sent()) {
    order.push_back(wire::Word(sent.header.ack().ack_type()));
  }
  EXPECT_EQ(order, (Words{"DELIVERY_ACK", "EXECUTION_ACK", "DELIVERY_ACK", "EXECUTION_ACK"}));
}

TEST(RouterBatch, EachAckThatCannotBeDeliveredIsCounted) {
  Bench bench;
  Sends(bench, {"m1", "m2"}, true);
  bench.sockets.AnswerWith(SendResult::kUnroutable);
  bench.Arrives(kIngress, BatchOf({Receipt("m1"), Receipt("m2")}), "");
  EXPECT_EQ(TakeAnomalies(bench.events), (Words{"UNDELIVERABLE", "UNDELIVERABLE"}));
}

TEST(RouterBatch, APongSaysThatBatchesAreTaken) {
  Bench bench;
  auto ping = MessageHeader("@n1");
  ping.set_msg_type(MSG_TYPE_PING);
  ping.set_targets(0, "@router");
  bench.Arrives(kMain, ping);
  EXPECT_TRUE(SaysBatches(bench.sockets.sent().at(0).header));
}

}  // namespace
}  // namespace cmb::reference
