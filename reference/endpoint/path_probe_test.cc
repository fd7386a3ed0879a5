#include "reference/endpoint/path_probe.h"

#include <gtest/gtest.h>

#include "reference/shell/ack_batch.h"
#include "reference/shell/fake_transport.h"

namespace cmb::reference {
namespace {

ack::v1::CognitiveMessage PongTo(const FakeTransport::Sent& ping) {
  ack::v1::CognitiveMessage pong;
  pong.set_correlation_id(ping.header.message_id());
  return pong;
}

class PathProbeTest : public testing::Test {
 protected:
  FakeTransport sockets_;
  ManualClock clock_;
  PathProbe probe_{"sender", SocketMap({"main"}), sockets_, clock_};
};

TEST_F(PathProbeTest, PingsTheRouterOnEveryPath) {
  probe_.Tick();
  ASSERT_EQ(sockets_.sent().size(), 2u);
  EXPECT_EQ(sockets_.sent()[0].socket, 0u);
  EXPECT_EQ(sockets_.sent()[1].socket, 1u);
  EXPECT_EQ(sockets_.sent()[0].header.targets(0), "@router");
}

TEST_F(PathProbeTest, IsDoneWhenTheLastPathHasAnswered) {
  probe_.Tick();
  probe_.OnPong(PongTo(sockets_.sent()[0]));
  EXPECT_FALSE(probe_.done());
  probe_.OnPong(PongTo(sockets_.sent()[1]));
  EXPECT_TRUE(probe_.done());
}

TEST_F(PathProbeTest, RepeatsUnansweredPathsOnlyWithFreshNonces) {
  probe_.Tick();
  probe_.OnPong(PongTo(sockets_.sent()[0]));
  probe_.Tick();
  EXPECT_EQ(sockets_.sent().size(), 2u);
  clock_.SetNowMs(kProbeEveryMs);
  probe_.Tick();
  ASSERT_EQ(sockets_.sent().size(), 3u);
  EXPECT_EQ(sockets_.sent()[2].socket, 1u);
  EXPECT_NE(sockets_.sent()[2].header.message_id(), sockets_.sent()[1].header.message_id());
}

TEST_F(PathProbeTest, ARouterThatIsAwayIsLookedForLessOften) {
  std::uint64_t now_ms = 0;
  for (std::uint64_t round = 0; round <= kProbeRounds; ++round) {
    probe_.Tick();
    now_ms = probe_.next_ms();
    clock_.SetNowMs(now_ms);
  }
  sockets_.Forget();
  probe_.Tick();
  EXPECT_EQ(sockets_.sent().size(), 2u);
  EXPECT_EQ(probe_.next_ms(), now_ms + kProbeAwayEveryMs);
}

TEST(PathProbe, SaysWhetherTheModuleTakesBatches) {
  FakeTransport sockets;
  ManualClock clock;
  PathProbe("one", SocketMap({"main"}), sockets, clock).Tick();
  PathProbe("by one", SocketMap({"main"}), sockets, clock, false).Tick();
  EXPECT_TRUE(SaysBatches(sockets.sent().front().header));
  EXPECT_FALSE(SaysBatches(sockets.sent().back().header));
}

TEST(PathProbe, EachRouterIsProvenAlone) {
  FakeTransport sockets;
  ManualClock clock;
  PathProbe probe("sender", SocketMap::OfRouters({{"", {"main"}}, {"second", {"spare"}}}), sockets,
                  clock);
  probe.Tick();
  ASSERT_EQ(sockets.sent().size(), 4u);  // Two channels, two ACK ingresses.
  probe.OnPong(PongTo(sockets.sent()[2]));
  probe.OnPong(PongTo(sockets.sent()[3]));
  EXPECT_TRUE(probe.done(1));
  EXPECT_FALSE(probe.done(0));
  EXPECT_FALSE(probe.done());
}

TEST_F(PathProbeTest, APongOfAnotherIsForgotten) {
  probe_.Tick();
  ack::v1::CognitiveMessage stranger;
  stranger.set_correlation_id("stranger");
  probe_.OnPong(stranger);
  probe_.OnPong({});
  EXPECT_FALSE(probe_.done());
}

}  // namespace
}  // namespace cmb::reference
