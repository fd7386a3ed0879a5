#include "conformance/lower_tester/router_addresses.h"

#include <gtest/gtest.h>

namespace cmb::conformance {
namespace {

constexpr char kPair[] = ",ack-ingress=tcp://h:2,ack-egress=tcp://h:3";

std::string FaultOf(const std::string& text) {
  const auto parsed = ParseRouter(text);
  const auto* fault = std::get_if<std::string>(&parsed);
  return fault == nullptr ? "" : *fault;
}

TEST(RouterAddresses, AreReadAndWrittenAgain) {
  const std::string text =
      "messages=tcp://h:6001,messages.bulk=tcp://[::2]:6002,ack-ingress=tcp://h:6101,"
      "ack-egress=tcp://h:6102";
  const auto parsed = ParseRouter(text);
  ASSERT_TRUE(std::holds_alternative<RouterAddresses>(parsed)) << std::get<std::string>(parsed);
  const auto& addresses = std::get<RouterAddresses>(parsed);
  ASSERT_EQ(addresses.channels.size(), 2U);
  EXPECT_EQ(addresses.channels[0], (std::pair<std::string, std::string>("main", "tcp://h:6001")));
  EXPECT_EQ(addresses.channels[1].first, "bulk");
  EXPECT_EQ(addresses.ack_egress, "tcp://h:6102");
  EXPECT_EQ(ToText(addresses), text);
}

TEST(RouterAddresses, AComplaintSaysWhatIsWrong) {
  const std::string pair = kPair;
  EXPECT_EQ(FaultOf(""), "messages is missing");
  EXPECT_EQ(FaultOf("messages=tcp://h:1"), "ack-ingress is missing");
  EXPECT_EQ(FaultOf("messages=tcp://h:1,ack-ingress=tcp://h:2"), "ack-egress is missing");
  EXPECT_EQ(FaultOf("messages=h:1" + pair), "'h:1' of messages is no tcp://HOST:PORT");
  EXPECT_EQ(FaultOf("messages=tcp://h" + pair), "'tcp://h' of messages is no tcp://HOST:PORT");
  EXPECT_EQ(FaultOf("messages=tcp://h:0" + pair), "'tcp://h:0' of messages is no tcp://HOST:PORT");
  EXPECT_EQ(FaultOf("messages=tcp://h:65536" + pair),
            "'tcp://h:65536' of messages is no tcp://HOST:PORT");
  EXPECT_EQ(FaultOf("messages=tcp://h:1,messages.main=tcp://h:4" + pair),
            "messages.main stands there twice");
  EXPECT_EQ(FaultOf("tcp://h:1" + pair), "'tcp://h:1' is none of its parts");
  EXPECT_EQ(FaultOf("messages.=tcp://h:1" + pair), "'messages.=tcp://h:1' is none of its parts");
}

}  // namespace
}  // namespace cmb::conformance
