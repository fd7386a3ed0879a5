#include "reference/shell/socket_map.h"

#include <gtest/gtest.h>

namespace cmb::reference {
namespace {

using Names = std::vector<std::string>;

TEST(SocketMapTest, OneRouterHasItsChannelsThenItsAckSockets) {
  const SocketMap map({"main", "side"});
  EXPECT_EQ(map.size(), 4u);
  EXPECT_EQ(map.Find("side"), 1);
  EXPECT_EQ(map.ingress(), 2u);
  EXPECT_EQ(map.egress(), 3u);
  EXPECT_EQ(map.KindOf(1), SocketKind::kChannel);
  EXPECT_EQ(map.KindOf(3), SocketKind::kAckEgress);
  EXPECT_EQ(map.FindRouter(""), 0);
}

TEST(SocketMapTest, SeveralRoutersStandOneBehindTheOther) {
  const auto map = SocketMap::OfRouters({{"", {"main", "side"}}, {"second", {"spare"}}});
  EXPECT_EQ(map.size(), 7u);
  EXPECT_EQ(map.Find("spare"), 4);
  EXPECT_EQ(map.RouterOf(4), 1u);
  EXPECT_EQ(map.ingress(1), 5u);
  EXPECT_EQ(map.egress(1), 6u);
  EXPECT_EQ(map.KindOf(5), SocketKind::kAckIngress);
  EXPECT_EQ(map.FindRouter("second"), 1);
  EXPECT_EQ(map.channels(), (Names{"main", "side", "spare"}));
}

TEST(SocketMapTest, WhatIsNotThereIsNotFound) {
  const auto map = SocketMap::OfRouters({{"", {"main"}}, {"second", {"spare"}}});
  EXPECT_EQ(map.Find("side"), -1);
  EXPECT_EQ(map.Find(""), -1);  // An ACK socket has no channel's name.
  EXPECT_EQ(map.FindRouter("third"), -1);
}

}  // namespace
}  // namespace cmb::reference
