// Every bound of a router, met from outside: the refusal that the spec names for
// it, and nothing lost of what was accepted before. The bounds of batches are in
// router_batch_test.cc, of lists in router_queries_test.cc.
#include <gtest/gtest.h>

#include <chrono>

#include "reference/router/router_test_bench.h"
#include "reference/shell/zmq_transport.h"

namespace cmb::reference {
namespace {

using namespace ack::v1;  // Words of the schema alone.

// The router's answer to `header`, after which m1, accepted before, is still
// delivered.
std::string AnswerTo(RouterSettings settings, const CognitiveMessage& header,
                     const std::string& payload = "payload") {
  Bench bench(std::move(settings));
  bench.Arrives(kMain, MessageHeader("m1"));
  bench.sockets.Forget();
  bench.Arrives(kMain, header, payload);
  const auto anomalies = TakeAnomalies(bench.events);
  std::string answer = anomalies.empty() ? "" : anomalies.front();
  for (const auto& sent : bench.sockets.sent()) {
    answer += wire::Word(sent.header.ack().ack_type()) + "/" +
              wire::Word(sent.header.ack().status()) + " " +
              wire::Word(sent.header.ack().error_code());
  }
  bench.Arrives(kIngress, Receipt("m1"));
  EXPECT_EQ(bench.shell.Find("sender", "m1")->state(), STATE_DELIVERED);
  return answer;
}

TEST(RouterLimits, APayloadBeyondIsOversize) {
  RouterSettings settings;
  settings.core.payload_bytes = 10;
  EXPECT_EQ(AnswerTo(settings, MessageHeader("m2"), std::string(11, 'x')),
            "ROUTER_ACK/REJECTED OVERSIZE_PAYLOAD");
}

TEST(RouterLimits, AHeaderBeyondIsMalformed) {
  RouterSettings settings;
  settings.header_bytes = 200;
  auto long_header = MessageHeader("m2");
  long_header.set_tracestate(std::string(200, 'x'));
  EXPECT_EQ(AnswerTo(settings, long_header), "MALFORMED");
}

TEST(RouterLimits, MetadataBeyondIsAValidationError) {
  auto header = MessageHeader("m2");
  for (int i = 0; i < 33; ++i) {
    header.add_metadata()->set_key(std::to_string(i));
  }
  EXPECT_EQ(AnswerTo({}, header), "ROUTER_ACK/REJECTED VALIDATION_ERROR");
}

TEST(RouterLimits, AQueueThatIsFullIsBufferFull) {
  RouterSettings settings;
  settings.core.queue_per_target = 1;
  EXPECT_EQ(AnswerTo(settings, MessageHeader("m2")), "ROUTER_ACK/REJECTED BUFFER_FULL");
}

TEST(RouterLimits, ATableThatIsFullIsBufferFull) {
  RouterSettings settings;
  settings.core.records = 1;
  EXPECT_EQ(AnswerTo(settings, MessageHeader("m2")), "ROUTER_ACK/REJECTED BUFFER_FULL");
}

// With and without CURVE.
TEST(RouterLimits, AConnectionThatEndsIsCounted) {
  const CurveKeys own = NewCurveKeys();
  const CurveKeys of_module = NewCurveKeys();
  for (const bool has_curve : {false, true}) {
    zmq::context_t context(1);
    SocketOptions options;
    options.counts_closed = true;
    SocketOptions of_guest;
    of_guest.routing_id = "guest";
    if (has_curve) {
      options.curve = CurveRouter{own, {{of_module.public_key, "guest"}}};
      of_guest.curve = CurveEndpoint{own.public_key, of_module};
    }
    ZmqTransport router(context, SocketMap({"main"}), options);
    router.Bind({"tcp://127.0.0.1:*", "tcp://127.0.0.1:*", "tcp://127.0.0.1:*"});
    const auto until = [&](const auto& condition) {
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
      while (!condition() && std::chrono::steady_clock::now() < deadline) {
        auto items = router.PollItems();
        Poll(items, 2);
      }
      return condition();
    };
    {
      ZmqTransport guest(context, SocketMap({"main"}), of_guest);
      guest.Connect(router.BoundAddresses());
      for (const std::size_t socket : {kMain, kIngress, kEgress}) {
        EXPECT_TRUE(
            until([&] { return router.Send(socket, "guest", "x", {}) == SendResult::kSent; }));
      }
      EXPECT_EQ(router.closed_connections(), 0u);
    }
    EXPECT_TRUE(until([&] { return router.closed_connections() >= 3; })) << has_curve;
  }
}

// Nobody needs more than three to know that it is no message.
TEST(RouterLimits, OfAMessageOfManyPartsAFewAreHeldAndAllAreCounted) {
  zmq::context_t context(1);
  ZmqTransport router(context, SocketMap({"main"}), {});
  router.Bind({"inproc://main", "inproc://ingress", "inproc://egress"});
  zmq::socket_t stranger(context, ZMQ_DEALER);
  stranger.set(zmq::sockopt::routing_id, "stranger");
  stranger.connect("inproc://main");
  for (int i = 1; i <= 3000; ++i) {
    stranger.send(zmq::message_t(std::string("x")),
                  i < 3000 ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }
  auto inbound = router.Receive(kMain);
  ASSERT_TRUE(inbound);
  EXPECT_EQ(inbound->frames.size(), 3u);
  const auto judged = JudgeFrames(*std::move(inbound), SocketKind::kChannel, {}, {});
  EXPECT_EQ(std::get<lifecycle::AnomalyEvent>(judged).note,
            "3000 frames where exactly 2 are expected");
  EXPECT_FALSE(router.Receive(kMain));
}

// What would have to be held in memory before it could be refused by name.
TEST(RouterLimits, AFrameBeyondClosesItsConnectionAndOthersAreServed) {
  zmq::context_t context(1);
  SocketOptions options;
  options.largest_frame_bytes = 1000;
  ZmqTransport router(context, SocketMap({"main"}), options);
  router.Bind({"tcp://127.0.0.1:*", "tcp://127.0.0.1:*", "tcp://127.0.0.1:*"});
  SocketOptions of_module;
  const auto connect = [&](const std::string& id) {
    of_module.routing_id = id;
    auto module = std::make_unique<ZmqTransport>(context, SocketMap({"main"}), of_module);
    module->Connect(router.BoundAddresses());
    return module;
  };
  const auto greedy = connect("greedy");
  const auto modest = connect("modest");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto send = [&](ZmqTransport& from, std::size_t bytes) {
    while (from.Send(kMain, {}, "header", zmq::message_t(bytes)) != SendResult::kSent) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      auto items = router.PollItems();
      Poll(items, 2);
    }
  };
  send(*greedy, 1001);
  send(*modest, 1000);
  std::optional<Inbound> inbound;
  while (!inbound && std::chrono::steady_clock::now() < deadline) {
    auto items = router.PollItems();
    Poll(items, 20);
    inbound = router.Receive(kMain);
  }
  ASSERT_TRUE(inbound);
  EXPECT_EQ(inbound->peer, "modest");
  EXPECT_EQ(inbound->frames.at(1).size(), 1000u);
}

}  // namespace
}  // namespace cmb::reference
