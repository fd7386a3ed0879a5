// When a path is asked whether it works, and when it is given up.
#include "reference/endpoint/path_watch.h"

#include <gtest/gtest.h>

#include "reference/shell/fake_transport.h"

namespace cmb::reference {
namespace {

constexpr std::size_t kChannel = 0;
constexpr std::size_t kToIngress = 1;
constexpr std::size_t kFromEgress = 2;
using Sockets = std::vector<std::size_t>;

class PathWatchTest : public testing::Test {
 protected:
  Sockets At(std::uint64_t ms) {
    clock_.SetNowMs(ms);
    return watch_.Tick();
  }

  FakeTransport sockets_;
  ManualClock clock_;
  std::vector<std::uint64_t> received_{0, 0, 0};
  PathWatch watch_{"target",
                   SocketMap({"main"}),
                   sockets_,
                   clock_,
                   [this](std::size_t socket) { return received_[socket]; },
                   {.quiet_ms = 100, .answer_ms = 300}};
};

TEST_F(PathWatchTest, AsksTheRouterOnEachQuietPath) {
  EXPECT_TRUE(At(99).empty());
  EXPECT_TRUE(sockets_.sent().empty());
  EXPECT_EQ(watch_.next_ms(), 100u);
  At(100);
  ASSERT_EQ(sockets_.sent().size(), 2u);
  EXPECT_EQ(sockets_.sent()[0].socket, kChannel);
  EXPECT_EQ(sockets_.sent()[1].socket, kToIngress);
  EXPECT_EQ(sockets_.sent()[0].header.targets(0), "@router");
  EXPECT_EQ(watch_.next_ms(), 400u);
}

TEST_F(PathWatchTest, APathByWhichSomethingCameIsNotAsked) {
  ++received_[kChannel];
  At(50);
  At(100);
  ASSERT_EQ(sockets_.sent().size(), 1u);
  EXPECT_EQ(sockets_.sent()[0].socket, kToIngress);
}

TEST_F(PathWatchTest, WhatIsNotAnsweredIsConnectedAnewAndWatchedOn) {
  At(100);
  ++received_[kFromEgress];
  EXPECT_TRUE(At(399).empty());
  EXPECT_EQ(At(400), Sockets{kChannel});
  EXPECT_TRUE(At(499).empty());
  At(500);
  ++received_[kFromEgress];
  EXPECT_EQ(At(800), Sockets{kChannel});
}

TEST_F(PathWatchTest, TheWayFromIngressToEgressIsConnectedAnewAsOne) {
  At(100);
  ++received_[kChannel];
  EXPECT_EQ(At(400), (Sockets{kToIngress, kFromEgress}));
}

// libzmq makes the connection; nothing was asked.
TEST_F(PathWatchTest, WithoutAConnectionNothingIsGivenUp) {
  sockets_.AnswerWith(SendResult::kFull);
  for (std::uint64_t ms = 0; ms < 3000; ms += 50) {
    EXPECT_TRUE(At(ms).empty());
  }
}

}  // namespace
}  // namespace cmb::reference
