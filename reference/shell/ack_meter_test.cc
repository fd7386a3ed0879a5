// Which ACKs the metrics are told of, and that nothing else changes on the way.
#include "reference/shell/ack_meter.h"

#include <gtest/gtest.h>

#include "reference/shell/fake_transport.h"

namespace cmb::reference {
namespace {

class AckMeterTest : public testing::Test {
 protected:
  static ack::v1::CognitiveMessage AckHeader() {
    ack::v1::CognitiveMessage header;
    header.set_schema_version(1);
    header.set_msg_type(ack::v1::MSG_TYPE_ACK);
    FillAck(*header.mutable_ack());
    return header;
  }

  static void FillAck(ack::v1::Ack& ack) {
    ack.set_ack_type(ack::v1::ACK_TYPE_RECEIPT);
    ack.set_status(ack::v1::STATUS_SUCCESS);
    ack.set_correlation_id("m-1");
    ack.set_attempt(1);
  }

  SendResult Send(std::size_t socket, const std::string& header) {
    return meter.Send(socket, "peer", header, zmq::message_t(std::string("payload")));
  }

  // How many RECEIPT/SUCCESS the metrics know of; 0 if there is no such line.
  int Receipts() {
    const std::string name =
        "acks_sent_total{role=\"target\",ack_type=\"receipt\",status=\"success\",error_code="
        "\"unspecified\"} ";
    const auto text = metrics.Text(0);
    const auto at = text.find(name);
    return at == std::string::npos ? 0 : std::stoi(text.substr(at + name.size()));
  }

  FakeTransport behind;
  SocketMap sockets{{"main"}};
  ManualClock clock;
  MetricsEventSink metrics;
  AckMeter meter{behind, sockets, clock, ack::v1::ROLE_TARGET, metrics};
};

TEST_F(AckMeterTest, AnAckIsCountedAndPassedOn) {
  EXPECT_EQ(Send(sockets.ingress(), AckHeader().SerializeAsString()), SendResult::kSent);
  EXPECT_EQ(Receipts(), 1);
  ASSERT_EQ(behind.sent().size(), 1u);
  EXPECT_EQ(behind.sent()[0].peer, "peer");
  EXPECT_EQ(behind.sent()[0].payload, "payload");
}

TEST_F(AckMeterTest, EachAckOfABatchIsOne) {
  auto header = AckHeader();
  header.clear_ack();
  FillAck(*header.mutable_ack_batch()->add_acks());
  FillAck(*header.mutable_ack_batch()->add_acks());
  Send(sockets.egress(), header.SerializeAsString());
  EXPECT_EQ(Receipts(), 2);
}

TEST_F(AckMeterTest, WhatIsNotHandedOverIsNotCounted) {
  behind.AnswerWith(SendResult::kFull);
  EXPECT_EQ(Send(sockets.ingress(), AckHeader().SerializeAsString()), SendResult::kFull);
  EXPECT_EQ(Receipts(), 0);
}

TEST_F(AckMeterTest, MessageChannelsAndUnreadableHeadersAreLeftAlone) {
  Send(0, AckHeader().SerializeAsString());
  Send(sockets.ingress(), "\x0f");
  EXPECT_EQ(Receipts(), 0);
  EXPECT_EQ(behind.sent().size(), 2u);
}

}  // namespace
}  // namespace cmb::reference
