// Batches of ACKs at an endpoint's shell: taken apart, and put together for a
// router that said that it takes them.
#include <gtest/gtest.h>

#include "reference/endpoint/endpoint_shell_bench.h"
#include "reference/shell/ack_batch.h"

namespace cmb::reference {
namespace {

using namespace ack::v1;  // Words of the schema alone.
using Words = std::vector<std::string>;

constexpr std::size_t kMain = 0;
constexpr std::size_t kIngress = 1;
constexpr std::size_t kEgress = 2;

struct Bench : EndpointBench {
  explicit Bench(bool batch_ack = true) : EndpointBench(SocketMap({"main"}), Settings(batch_ack)) {}
  static EndpointSettings Settings(bool batch_ack) {
    auto settings = BenchSettings();
    settings.batch_ack = batch_ack;
    return settings;
  }
  std::string Sends() { return EndpointBench::Sends("main"); }
  // Two messages, whose work is then ended in one step.
  void EndsTwoWorksAtOnce() {
    Arrives(kMain, MessageHeader("w1"));
    Arrives(kMain, MessageHeader("w2"));
    sockets.Forget();
    for (int i = 0; i < 2; ++i) {
      const auto work = works.Pop();
      shell.WorkStarted(work->key);
      shell.WorkEnded(work->key, {});
    }
    shell.Commit();
  }
};

CognitiveMessage RouterAcks(const std::vector<std::string>& ids) {
  auto batch = AckHeaderOf("@router", "target", ACK_TYPE_ROUTER_ACK, STATUS_SUCCESS, "");
  const auto one = batch.ack();
  batch.clear_ack();
  for (const auto& id : ids) {
    auto& ack = *batch.mutable_ack_batch()->add_acks();
    ack = one;
    ack.set_correlation_id(id);
  }
  return batch;
}

TEST(EndpointBatch, IsJudgedOneByOne) {
  Bench bench;
  const auto first = bench.Sends();
  const auto second = bench.Sends();
  static_cast<void>(bench.events.Take());
  bench.Arrives(kEgress, RouterAcks({first, "", "unknown", second}));
  EXPECT_EQ(bench.shell.Find("target", first)->state(), STATE_ROUTED);
  EXPECT_EQ(bench.shell.Find("target", second)->state(), STATE_ROUTED);
  EXPECT_EQ(TakeAnomalies(bench.events), (Words{"MALFORMED", "UNKNOWN_MESSAGE"}));
}

TEST(EndpointBatch, WithoutTheFeatureIsUnsupportedAsAWhole) {
  Bench bench(false);
  bench.Arrives(kEgress, RouterAcks({"", "m1"}));
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNSUPPORTED"});
}

TEST(EndpointBatch, AVersionThatIsUnknownIsCountedForEachAck) {
  Bench bench;
  auto batch = RouterAcks({"m1", "m2"});
  batch.set_schema_version(2);
  bench.Arrives(kEgress, batch);
  EXPECT_EQ(TakeAnomalies(bench.events), (Words{"UNKNOWN_VALUE", "UNKNOWN_VALUE"}));
}

TEST(EndpointBatch, AcksOfOneStepGoTogetherToARouterThatSaidSo) {
  Bench bench;
  bench.Arrives(kEgress, RouterPong(true));
  bench.EndsTwoWorksAtOnce();
  ASSERT_EQ(bench.sockets.sent().size(), 1u);
  EXPECT_EQ(bench.sockets.sent()[0].socket, kIngress);
  const auto& batch = bench.sockets.sent()[0].header;
  EXPECT_EQ(batch.targets(0), "sender");
  Words said;
  for (const auto& ack : batch.ack_batch().acks()) {
    said.push_back(wire::Word(ack.ack_type()) + " " + ack.correlation_id());
  }
  EXPECT_EQ(said.front(), "EXECUTION_ACK w1");
  EXPECT_EQ(said.back(), "EXECUTION_ACK w2");
}

TEST(EndpointBatch, NeverToARouterThatDidNotSaySoOrTookItBack) {
  for (const bool said_before : {false, true}) {
    Bench bench;
    bench.Arrives(kEgress, RouterPong(said_before));
    bench.Arrives(kEgress, RouterPong(false));
    bench.EndsTwoWorksAtOnce();
    for (const auto& sent : bench.sockets.sent()) {
      EXPECT_TRUE(sent.header.has_ack());
    }
  }
}

TEST(EndpointBatch, TheWordOfASenderIsNotTheWordOfTheRouter) {
  Bench bench;
  auto message = MessageHeader("w0");
  SayBatches(true, message);
  bench.Arrives(kMain, message);
  static_cast<void>(bench.works.Pop());
  bench.EndsTwoWorksAtOnce();
  for (const auto& sent : bench.sockets.sent()) {
    EXPECT_TRUE(sent.header.has_ack());
  }
}

TEST(EndpointBatch, EachAckThatFindsNoConnectionIsCounted) {
  Bench bench;
  bench.Arrives(kEgress, RouterPong(true));
  bench.Arrives(kMain, MessageHeader("w1"));
  bench.Arrives(kMain, MessageHeader("w2"));
  bench.sockets.AnswerWith(SendResult::kFull);
  for (int i = 0; i < 2; ++i) {
    const auto work = bench.works.Pop();
    bench.shell.WorkStarted(work->key);
    bench.shell.WorkEnded(work->key, {});
  }
  bench.shell.Commit();
  const auto anomalies = TakeAnomalies(bench.events);
  EXPECT_GE(anomalies.size(), 2u);
  EXPECT_EQ(anomalies.back(), "UNDELIVERABLE");
}

TEST(EndpointBatch, EveryMessageSaysThatBatchesAreTaken) {
  Bench with;
  with.Sends();
  EXPECT_TRUE(SaysBatches(with.sockets.sent().at(0).header));
  Bench without(false);
  without.Sends();
  EXPECT_FALSE(SaysBatches(without.sockets.sent().at(0).header));
}

}  // namespace
}  // namespace cmb::reference
