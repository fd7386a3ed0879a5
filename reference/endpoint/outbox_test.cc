#include "reference/endpoint/outbox.h"

#include <gtest/gtest.h>

#include "reference/extras/metrics/metrics_event_sink.h"
#include "reference/shell/fake_transport.h"

namespace cmb::reference {
namespace {

std::string Message(const std::string& id, std::uint32_t attempt, std::uint64_t ttl_ms) {
  ack::v1::CognitiveMessage header;
  header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  header.set_message_id(id);
  header.set_attempt(attempt);
  header.set_ttl_ms(ttl_ms);
  return wire::EncodeHeader(header);
}

std::string Ack(const std::string& id) {
  ack::v1::CognitiveMessage header;
  header.set_msg_type(ack::v1::MSG_TYPE_ACK);
  header.mutable_ack()->set_correlation_id(id);
  return wire::EncodeHeader(header);
}

class OutboxTest : public testing::Test {
 protected:
  SendResult Send(const std::string& header, std::size_t socket = 0) {
    return outbox_.Send(socket, {}, header, zmq::message_t(std::string("payload")));
  }
  std::vector<std::string> SentIds() const {
    std::vector<std::string> ids;
    for (const auto& sent : sockets_.sent()) {
      ids.push_back(sent.header.has_ack() ? sent.header.ack().correlation_id()
                                          : sent.header.message_id());
    }
    return ids;
  }

  FakeTransport sockets_;
  ManualClock clock_;
  Outbox outbox_{sockets_, clock_, 3};
};

using Ids = std::vector<std::string>;

TEST_F(OutboxTest, PassesOnWhatCanBeSent) {
  outbox_.Release(0);
  EXPECT_EQ(Send(Message("m1", 1, 1000)), SendResult::kSent);
  EXPECT_EQ(sockets_.sent().at(0).payload, "payload");
  EXPECT_TRUE(outbox_.empty());
}

TEST_F(OutboxTest, MessagesWaitForTheReleaseAndAcksDoNot) {
  Send(Message("m1", 1, 1000));
  Send(Ack("a1"), 1);
  EXPECT_EQ(SentIds(), Ids{"a1"});
  outbox_.Release(0);
  outbox_.Flush();
  EXPECT_EQ(SentIds(), (Ids{"a1", "m1"}));
}

TEST_F(OutboxTest, TheLifeOfAMessageRunsWhileItWaits) {
  outbox_.Release(0);
  sockets_.AnswerWith(SendResult::kFull);
  Send(Message("m1", 1, 1000));
  clock_.SetNowMs(300);
  sockets_.AnswerWith(SendResult::kSent);
  outbox_.Flush();
  EXPECT_EQ(sockets_.sent().at(0).header.ttl_ms(), 700u);
}

TEST_F(OutboxTest, RepeatedTriesTakeTheTimeOffOnce) {
  outbox_.Release(0);
  sockets_.AnswerWith(SendResult::kFull);
  Send(Message("m1", 1, 1000));
  for (const std::uint64_t now : {100, 200, 300}) {
    clock_.SetNowMs(now);
    outbox_.Flush();
  }
  sockets_.AnswerWith(SendResult::kSent);
  outbox_.Flush();
  EXPECT_EQ(sockets_.sent().at(0).header.ttl_ms(), 700u);
}

TEST_F(OutboxTest, AMessageWhoseLifeEndedIsNeverSent) {
  outbox_.Release(0);
  sockets_.AnswerWith(SendResult::kFull);
  Send(Message("m1", 1, 1000));
  clock_.SetNowMs(1000);
  sockets_.AnswerWith(SendResult::kSent);
  outbox_.Flush();
  EXPECT_TRUE(sockets_.sent().empty());
  EXPECT_TRUE(outbox_.empty());
}

TEST_F(OutboxTest, OfAMessagesCopiesOnlyTheLatestWaits) {
  outbox_.Release(0);
  sockets_.AnswerWith(SendResult::kFull);
  Send(Message("m1", 1, 1000));
  Send(Message("m1", 2, 900));
  sockets_.AnswerWith(SendResult::kSent);
  outbox_.Flush();
  ASSERT_EQ(sockets_.sent().size(), 1u);
  EXPECT_EQ(sockets_.sent()[0].header.attempt(), 2u);
}

TEST_F(OutboxTest, ACopyForAnotherSocketTakesThePlaceOfOneThatWaits) {
  outbox_.Release(1);
  Send(Message("m1", 1, 1000), 0);
  Send(Message("m1", 2, 900), 1);
  outbox_.Release(0);
  outbox_.Flush();
  ASSERT_EQ(sockets_.sent().size(), 1u);
  EXPECT_EQ(sockets_.sent()[0].header.attempt(), 2u);
  EXPECT_TRUE(outbox_.empty());
}

TEST_F(OutboxTest, ASocketThatIsNotReleasedKeepsNoOtherBack) {
  outbox_.Release(1);
  Send(Message("m1", 1, 1000), 0);
  Send(Message("m2", 1, 1000), 1);
  EXPECT_EQ(SentIds(), Ids{"m2"});
  EXPECT_EQ(outbox_.depths().at(ack::v1::ROLE_SENDER), 1u);
}

TEST_F(OutboxTest, AnAckThatWaitedIsCountedWhenItLeaves) {
  MetricsEventSink metrics;
  AckMeter meter(metrics, clock_, Side::kEndpoint);
  Outbox outbox(sockets_, clock_, 3, &meter);
  sockets_.AnswerWith(SendResult::kFull);
  outbox.Send(1, {}, Ack("a1"), zmq::message_t());
  EXPECT_EQ(outbox.depths().at(ack::v1::ROLE_TARGET), 1u);
  EXPECT_EQ(metrics.Text(), "");
  sockets_.AnswerWith(SendResult::kSent);
  outbox.Flush();
  EXPECT_EQ(outbox.depths().at(ack::v1::ROLE_TARGET), 0u);
  EXPECT_NE(metrics.Text().find("role=\"target\",status=\"unspecified\"} 1\n"), std::string::npos);
}

TEST_F(OutboxTest, NothingOvertakesOnOneSocket) {
  outbox_.Release(0);
  sockets_.AnswerWith(SendResult::kFull);
  Send(Ack("a1"), 1);
  sockets_.AnswerWith(SendResult::kSent);
  Send(Ack("a2"), 1);
  EXPECT_TRUE(sockets_.sent().empty());
  outbox_.Flush();
  EXPECT_EQ(SentIds(), (Ids{"a1", "a2"}));
}

TEST_F(OutboxTest, IsBoundedForEachSocket) {
  sockets_.AnswerWith(SendResult::kFull);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Send(Ack("a"), 1), SendResult::kWaits);
  }
  EXPECT_EQ(Send(Ack("a"), 1), SendResult::kFull);
  EXPECT_EQ(Send(Ack("a"), 2), SendResult::kWaits);
}

}  // namespace
}  // namespace cmb::reference
