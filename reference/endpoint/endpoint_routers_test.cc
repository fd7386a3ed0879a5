// An endpoint with two routers (spec 18.1): by which sockets what its cores say
// leaves, and what one router takes is not what the other takes.
#include <gtest/gtest.h>

#include "reference/endpoint/endpoint_shell_bench.h"
#include "reference/endpoint/endpoint_sockets.h"

namespace cmb::reference {
namespace {

using namespace ack::v1;  // Words of the schema alone.

constexpr std::size_t kMain = 0;
constexpr std::size_t kFirstIngress = 1;
constexpr std::size_t kFirstEgress = 2;
constexpr std::size_t kSpare = 3;
constexpr std::size_t kSecondIngress = 4;
constexpr std::size_t kSecondEgress = 5;

// main leads to the first router, spare to the second.
struct Bench : EndpointBench {
  Bench()
      : EndpointBench(SocketMap::OfRouters({{"", {"main"}}, {"second", {"spare"}}}), Settings()) {}
  static EndpointSettings Settings() {
    auto settings = BenchSettings();
    settings.sender.fallback = true;
    settings.target.profile = lifecycle::Profile::kTracked;
    return settings;
  }
  void Retries() {
    for (const std::uint64_t now : {1000, 2000}) {
      clock.SetNowMs(now);
      FiresWhatIsDue();
    }
  }
  std::vector<std::size_t> SocketsOf(MsgType type) const {
    std::vector<std::size_t> used;
    for (const auto& sent : sockets.sent()) {
      if (sent.header.msg_type() == type) {
        used.push_back(sent.socket);
      }
    }
    return used;
  }
};

using Sockets = std::vector<std::size_t>;

CognitiveMessage CopyOn(const std::string& channel, std::uint32_t attempt) {
  auto header = MessageHeader("w1");
  header.set_channel(channel);
  header.set_attempt(attempt);
  return header;
}

TEST(EndpointOfTwoRouters, ARetryGoesOverAndTheFirstIsToldBefore) {
  Bench bench;
  bench.Sends("main");
  bench.Retries();
  ASSERT_EQ(bench.sockets.sent().size(), 3u);
  EXPECT_EQ(bench.sockets.sent()[0].socket, kMain);
  EXPECT_EQ(bench.sockets.sent()[1].socket, kFirstIngress);
  EXPECT_EQ(bench.sockets.sent()[1].header.ack().ack_type(), ACK_TYPE_TIMEOUT);
  EXPECT_EQ(bench.sockets.sent()[2].socket, kSpare);
  EXPECT_EQ(bench.sockets.sent()[2].header.channel(), "spare");
}

TEST(EndpointOfTwoRouters, TheTimeoutLeavesBeforeTheRetryAlsoWhereAcksAreBatched) {
  Bench bench;
  bench.Arrives(kMain, RouterPong(true));
  bench.Sends("main");
  bench.Retries();
  ASSERT_EQ(bench.sockets.sent().size(), 3u);
  EXPECT_EQ(bench.sockets.sent()[1].socket, kFirstIngress);
  EXPECT_EQ(bench.sockets.sent()[2].socket, kSpare);
}

TEST(EndpointOfTwoRouters, ACancelGoesToBoth) {
  Bench bench;
  const lifecycle::MessageId id(bench.Sends("main"));
  bench.Retries();
  bench.sockets.Forget();
  bench.shell.Cancel(id);
  bench.shell.Commit();
  EXPECT_EQ(bench.SocketsOf(MSG_TYPE_ACK), (Sockets{kFirstIngress, kSecondIngress}));
}

TEST(EndpointOfTwoRouters, WorkIsAnsweredByTheWayItCameAndEndsByBoth) {
  Bench bench;
  bench.Arrives(kMain, CopyOn("main", 1));
  bench.Arrives(kSpare, CopyOn("spare", 2));
  EXPECT_EQ(bench.SocketsOf(MSG_TYPE_ACK), (Sockets{kFirstIngress, kSecondIngress}));
  bench.sockets.Forget();
  const auto work = bench.works.Pop();
  bench.shell.WorkStarted(work->key);
  bench.shell.WorkEnded(work->key, {});
  bench.shell.Commit();
  EXPECT_EQ(bench.SocketsOf(MSG_TYPE_ACK), (Sockets{kFirstIngress, kSecondIngress}));
}

TEST(EndpointOfTwoRouters, OnlyTheOneThatTakesBatchesGetsThem) {
  Bench bench;
  bench.Arrives(kSpare, RouterPong(true));
  for (const auto* channel : {"main", "spare"}) {
    for (const auto* id : {"w1", "w2"}) {
      auto header = CopyOn(channel, 1);
      header.set_message_id(id);
      const auto socket = header.channel() == "main" ? kMain : kSpare;
      bench.shell.Handle(Arriving(socket, {}, wire::Encode(header, "payload")));
    }
  }
  bench.shell.Commit();
  EXPECT_EQ(bench.SocketsOf(MSG_TYPE_ACK), (Sockets{kFirstIngress, kFirstIngress, kSecondIngress}));
}

TEST(EndpointOfTwoRouters, APingIsAnsweredToTheRouterThatSentIt) {
  Bench bench;
  auto ping = MessageHeader("@nonce");
  ping.set_msg_type(MSG_TYPE_PING);
  for (const auto socket : {kFirstEgress, kSecondEgress, kSpare}) {
    bench.Arrives(socket, ping);
  }
  EXPECT_EQ(bench.SocketsOf(MSG_TYPE_PONG), (Sockets{kFirstIngress, kSecondIngress, kSpare}));
}

TEST(EndpointOfTwoRouters, AMessageOfTheOtherRoutersChannelIsMisdirected) {
  Bench bench;
  bench.Arrives(kMain, CopyOn("spare", 1));
  EXPECT_EQ(TakeAnomalies(bench.events), std::vector<std::string>{"CHANNEL_MISMATCH"});
}

EndpointOptions OptionsOfTwo() {
  EndpointOptions options;
  options.module_id = "m";
  options.other_routers.push_back({"second", {{"spare", "c"}}, "i", "e", CurveEndpoint{"k", {}}});
  return options;
}

TEST(SocketsOfOptions, EveryRouterHasItsSockets) {
  const auto options = OptionsOfTwo();
  EXPECT_EQ(SocketMapOf(options).size(), 6u);
  const auto addresses = AddressesOf(options);
  EXPECT_EQ(addresses.size(), 6u);
  EXPECT_EQ(addresses[kSpare], "c");
  EXPECT_EQ(addresses[kSecondEgress], "e");
  ASSERT_EQ(SocketOptionsOf(options).other_curves.size(), 1u);
  EXPECT_EQ(SocketOptionsOf(options).other_curves[0]->router_public, "k");
}

TEST(SocketsOfOptions, NamesThatStandTwiceAndRoutersWithoutChannelsAreRefused) {
  auto channel_twice = OptionsOfTwo();
  channel_twice.other_routers[0].channels[0].name = "main";
  EXPECT_THROW(SocketMapOf(channel_twice), std::invalid_argument);
  auto nameless = OptionsOfTwo();
  nameless.other_routers[0].name = "";
  EXPECT_THROW(SocketMapOf(nameless), std::invalid_argument);
  auto without_channels = OptionsOfTwo();
  without_channels.other_routers[0].channels.clear();
  EXPECT_THROW(SocketMapOf(without_channels), std::invalid_argument);
}

}  // namespace
}  // namespace cmb::reference
