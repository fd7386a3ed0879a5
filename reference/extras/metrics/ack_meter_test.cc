// Which ACKs the metrics are told of, and whose they are.
#include "reference/shell/ack_meter.h"

#include <gtest/gtest.h>

#include "reference/extras/metrics/metrics_event_sink.h"
#include "reference/shell/shell_test_frames.h"

namespace cmb::reference {
namespace {

using namespace ack::v1;  // Words of the schema alone.

class AckMeterTest : public testing::Test {
 protected:
  static CognitiveMessage Header(AckType type) {
    return AckHeaderOf("a", "b", type, STATUS_SUCCESS, "m-1");
  }

  // True: the metrics know of `count` such ACKs.
  bool Knows(const std::string& type, const std::string& role, int count) {
    return metrics.Text().find("acks_sent_total{ack_type=\"" + type +
                               "\",error_code=\"unspecified\",role=\"" + role +
                               "\",status=\"success\"} " + std::to_string(count) + "\n") !=
           std::string::npos;
  }

  ManualClock clock;
  MetricsEventSink metrics;
  AckMeter of_router{metrics, clock, Side::kRouter};
  AckMeter of_endpoint{metrics, clock, Side::kEndpoint};
};

TEST_F(AckMeterTest, ARoutersAcksAreItsOwnWhoeverMadeThem) {
  of_router.Sent(Header(ACK_TYPE_ROUTER_ACK));
  of_router.Sent(Header(ACK_TYPE_EXECUTION_ACK));
  EXPECT_TRUE(Knows("router_ack", "router", 1));
  EXPECT_TRUE(Knows("execution_ack", "router", 1));
}

TEST_F(AckMeterTest, AnEndpointsAckTellsInWhichRoleItSpeaks) {
  of_endpoint.Sent(Header(ACK_TYPE_RECEIPT));
  of_endpoint.Sent(Header(ACK_TYPE_CANCEL));
  of_endpoint.Sent(Header(ACK_TYPE_TIMEOUT));
  EXPECT_TRUE(Knows("receipt", "target", 1));
  EXPECT_TRUE(Knows("cancel", "sender", 1));
  EXPECT_TRUE(Knows("timeout", "sender", 1));
}

TEST_F(AckMeterTest, EachAckOfABatchIsOne) {
  CognitiveMessage batch;
  *batch.mutable_ack_batch()->add_acks() = Header(ACK_TYPE_RECEIPT).ack();
  *batch.mutable_ack_batch()->add_acks() = Header(ACK_TYPE_RECEIPT).ack();
  of_endpoint.Sent(batch);
  EXPECT_TRUE(Knows("receipt", "target", 2));
}

TEST_F(AckMeterTest, WhatHasNoAckIsNotCounted) {
  of_router.Sent(MessageHeader("m-1"));
  EXPECT_EQ(metrics.Text(), "");
}

}  // namespace
}  // namespace cmb::reference
