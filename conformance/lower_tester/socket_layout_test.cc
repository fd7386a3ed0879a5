// Sockets by number and by name, also where a module has two routers.
#include "conformance/lower_tester/socket_layout.h"

#include <gtest/gtest.h>

namespace cmb::conformance {
namespace {

TEST(SocketLayout, IsTheChannelsThenTheAcks) {
  const SocketLayout layout({"main", "bulk"});
  EXPECT_EQ(layout.size(), 4U);
  EXPECT_EQ(layout.Name(1), "bulk");
  EXPECT_EQ(layout.Name(layout.ingress()), "ack_ingress");
  EXPECT_EQ(layout.Find("ack_egress"), SocketNumber{3});
  EXPECT_TRUE(layout.IsChannel(1));
  EXPECT_FALSE(layout.IsChannel(2));
  EXPECT_FALSE(layout.IsChannel(4));
}

TEST(SocketLayout, GoesOnWithTheSocketsOfAnotherRouter) {
  const SocketLayout layout({"main"}, {{"second", {"spare", "more"}}});
  EXPECT_EQ(layout.size(), 7U);
  EXPECT_EQ(layout.channels(), std::vector<std::string>{"main"});
  EXPECT_EQ(layout.Name(3), "spare");
  EXPECT_EQ(layout.Name(5), "ack_ingress/second");
  EXPECT_EQ(layout.Find("ack_egress/second"), SocketNumber{6});
  EXPECT_TRUE(layout.IsChannel(4));
  EXPECT_FALSE(layout.IsChannel(5));
  EXPECT_EQ(layout.RouterOf(2), 0U);
  EXPECT_EQ(layout.RouterOf(3), 1U);
  EXPECT_EQ(layout.RouterOf(6), 1U);
}

}  // namespace
}  // namespace cmb::conformance
