#include "reference/endpoint/endpoint_environment.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace cmb::reference {
namespace {

using Variables = std::map<std::string, std::string>;

EndpointOptions Read(const Variables& variables, EndpointOptions options = {}) {
  return FromEnvironment(std::move(options), [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

std::string ErrorOf(const Variables& variables) {
  try {
    Read(variables);
  } catch (const EnvironmentError& error) {
    return error.what();
  }
  return "";
}

TEST(EndpointEnvironment, SaysNothingWhereNothingIsSet) {
  const auto options = Read({{"CMB_MODULE_ID", ""}}, {.module_id = "planner"});
  EXPECT_EQ(options.module_id, "planner");
  EXPECT_FALSE(options.profile);
  EXPECT_EQ(options.policy.SerializeAsString(), "");
}

TEST(EndpointEnvironment, GoesBeforeWhatTheProgramSays) {
  const auto options = Read({{"CMB_MODULE_ID", "arm"},
                             {"CMB_CHANNELS", "main=tcp://h:1,side=ipc:///tmp/a=b"},
                             {"CMB_ACK_INGRESS", "tcp://h:3"},
                             {"CMB_ACK_EGRESS", "tcp://h:4"},
                             {"CMB_PROFILE", "BASIC"}},
                            {.module_id = "planner"});
  EXPECT_EQ(options.module_id, "arm");
  ASSERT_EQ(options.channels.size(), 2u);
  EXPECT_EQ(options.channels[1].name, "side");
  EXPECT_EQ(options.channels[1].address, "ipc:///tmp/a=b");
  EXPECT_EQ(options.ack_ingress, "tcp://h:3");
  EXPECT_EQ(options.ack_egress, "tcp://h:4");
  EXPECT_EQ(options.profile, ack::v1::PROFILE_BASIC);
}

TEST(EndpointEnvironment, FleetsNamesAreAliases) {
  const auto options = Read({{"FLEET_ACK_TIMEOUT_S", "90"}, {"FLEET_ACK_MAX_RETRIES", "0"}});
  EXPECT_EQ(options.policy.execution_ms(), 90'000u);
  EXPECT_TRUE(options.policy.has_max_retries());
  EXPECT_EQ(options.policy.max_retries(), 0u);
}

TEST(EndpointEnvironment, ItsOwnNamesGoBeforeFleets) {
  const auto options = Read({{"FLEET_ACK_TIMEOUT_S", "90"},
                             {"FLEET_ACK_MAX_RETRIES", "9"},
                             {"CMB_EXECUTION_MS", "5000"},
                             {"CMB_MAX_RETRIES", "2"}});
  EXPECT_EQ(options.policy.execution_ms(), 5000u);
  EXPECT_EQ(options.policy.max_retries(), 2u);
}

TEST(EndpointEnvironment, WrongNumbersAreErrorsThatNameTheVariable) {
  EXPECT_EQ(ErrorOf({{"FLEET_ACK_TIMEOUT_S", "1m"}}),
            "FLEET_ACK_TIMEOUT_S is \"1m\"; it must be a whole number from 1 to 604800");
  EXPECT_EQ(ErrorOf({{"CMB_MAX_RETRIES", "101"}}),
            "CMB_MAX_RETRIES is \"101\"; it must be a whole number from 0 to 100");
  EXPECT_EQ(ErrorOf({{"CMB_EXECUTION_MS", "0"}}),
            "CMB_EXECUTION_MS is \"0\"; it must be a whole number from 1 to 604800000");
  EXPECT_NE(ErrorOf({{"FLEET_ACK_MAX_RETRIES", "-1"}}), "");
}

TEST(EndpointEnvironment, WrongWordsAreErrorsThatNameTheVariable) {
  EXPECT_EQ(ErrorOf({{"CMB_PROFILE", "FAST"}}),
            "CMB_PROFILE is \"FAST\"; it must be BASIC, TRACKED or DURABLE");
  EXPECT_EQ(ErrorOf({{"CMB_CHANNELS", "main"}}),
            "CMB_CHANNELS is \"main\"; it must be name=address, several with commas");
}

}  // namespace
}  // namespace cmb::reference
