#include "reference/endpoint/send_channels.h"

#include <gtest/gtest.h>

namespace cmb::reference {
namespace {

using lifecycle::ChannelName;

std::vector<ChannelName> Names(const std::vector<std::string>& names) {
  std::vector<ChannelName> all;
  for (const std::string& name : names) {
    all.emplace_back(name);
  }
  return all;
}

SendChannels Chosen(const std::string& channel, const std::vector<std::string>& policy_channels,
                    bool fallback = true) {
  ack::v1::DeliveryPolicy policy;
  policy.mutable_channels()->Assign(policy_channels.begin(), policy_channels.end());
  auto result = ChannelsOfSend(SocketMap({"a", "b", "c"}), channel, policy, fallback);
  return std::get<SendChannels>(result);
}

bool IsRefused(const std::string& channel, const std::vector<std::string>& policy_channels,
               bool fallback = true) {
  ack::v1::DeliveryPolicy policy;
  policy.mutable_channels()->Assign(policy_channels.begin(), policy_channels.end());
  return std::holds_alternative<lifecycle::SendRefusal>(
      ChannelsOfSend(SocketMap({"a", "b", "c"}), channel, policy, fallback));
}

TEST(SendChannelsTest, AnEmptyNameIsTheFirstChannel) {
  EXPECT_EQ(Chosen("", {}).first, ChannelName("a"));
}

TEST(SendChannelsTest, ThePolicysChannelsAreTakenAsTheyStand) {
  EXPECT_EQ(Chosen("a", {"c", "b"}).in_turn, Names({"c", "b"}));
}

TEST(SendChannelsTest, WithoutAnyTheMessagesChannelComesFirstAndThenTheOthers) {
  EXPECT_EQ(Chosen("b", {}).in_turn, Names({"b", "a", "c"}));
}

TEST(SendChannelsTest, WithoutTheFeatureThereIsNoTurn) {
  EXPECT_TRUE(Chosen("a", {"c", "nowhere"}, false).in_turn.empty());
}

TEST(SendChannelsTest, ChannelsThatTheEndpointDoesNotHaveAreRefused) {
  EXPECT_TRUE(IsRefused("nowhere", {}));
  EXPECT_TRUE(IsRefused("a", {"b", "nowhere"}));
}

TEST(SendChannelsTest, MoreThanEightAreRefusedWithTheFeatureAndWithout) {
  const std::vector<std::string> nine(9, "a");
  EXPECT_TRUE(IsRefused("a", nine));
  EXPECT_TRUE(IsRefused("a", nine, false));
}

}  // namespace
}  // namespace cmb::reference
