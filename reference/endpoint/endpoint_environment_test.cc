#include "reference/endpoint/endpoint_environment.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "reference/testing/fresh_directory.h"

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
                             {"CMB_PROFILE", "basic"}},
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
  EXPECT_EQ(options.policy.delivery_ack_ms(), 90'000u);
  EXPECT_EQ(options.policy.execution_ms(), 0u);  // Fleet says nothing of it.
  EXPECT_TRUE(options.policy.has_max_retries());
  EXPECT_EQ(options.policy.max_retries(), 0u);
}

TEST(EndpointEnvironment, ItsOwnNamesGoBeforeFleets) {
  const auto options = Read({{"FLEET_ACK_TIMEOUT_S", "90"},
                             {"FLEET_ACK_MAX_RETRIES", "9"},
                             {"CMB_DELIVERY_ACK_MS", "5000"},
                             {"CMB_MAX_RETRIES", "2"}});
  EXPECT_EQ(options.policy.delivery_ack_ms(), 5000u);
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

// The files of a module and of its router, gone with it.
class KeyFiles {
 public:
  KeyFiles() {
    WriteCurveKeys(own_file(), own);
    std::ofstream(router_file()) << router << "\n";
  }
  std::string own_file() const { return directory_.File("own"); }
  std::string router_file() const { return directory_.File("router"); }
  std::string directory() const { return directory_.path(); }

  const CurveKeys own = NewCurveKeys();
  const std::string router = NewCurveKeys().public_key;

 private:
  FreshDirectory directory_;
};

TEST(EndpointEnvironment, NamesTheFilesOfItsKeys) {
  const KeyFiles files;
  const auto options =
      Read({{"CMB_CURVE_KEY", files.own_file()}, {"CMB_CURVE_ROUTER_KEY", files.router_file()}});
  ASSERT_TRUE(options.curve);
  EXPECT_EQ(options.curve->own.secret_key, files.own.secret_key);
  EXPECT_EQ(options.curve->own.public_key, files.own.public_key);
  EXPECT_EQ(options.curve->router_public, files.router);
}

TEST(EndpointEnvironment, AKeyThatItDoesNotNameIsTheProgramsOwn) {
  const KeyFiles files;
  EndpointOptions program;
  program.curve = CurveEndpoint{files.router, NewCurveKeys()};
  const auto options = Read({{"CMB_CURVE_KEY", files.own_file()}}, program);
  EXPECT_EQ(options.curve->own.secret_key, files.own.secret_key);
  EXPECT_EQ(options.curve->router_public, files.router);
}

TEST(EndpointEnvironment, OneKeyWithoutTheOtherIsAnError) {
  const KeyFiles files;
  EXPECT_EQ(ErrorOf({{"CMB_CURVE_KEY", files.own_file()}}),
            "CMB_CURVE_KEY is set and CMB_CURVE_ROUTER_KEY is not; CURVE needs the module's own "
            "keys and the router's public key, so set both or neither");
  EXPECT_TRUE(ErrorOf({{"CMB_CURVE_ROUTER_KEY", files.router_file()}})
                  .starts_with("CMB_CURVE_ROUTER_KEY is set and CMB_CURVE_KEY is not; "));
}

TEST(EndpointEnvironment, AFileOfKeysThatIsNoneIsAnErrorThatNamesBothAndARemedy) {
  const KeyFiles files;
  const std::string missing = files.directory() + "/missing";
  EXPECT_EQ(ErrorOf({{"CMB_CURVE_KEY", missing}}),
            "CMB_CURVE_KEY: " + missing +
                ": cannot be read (No such file or directory); check the path and who may read it");
  EXPECT_EQ(ErrorOf({{"CMB_CURVE_KEY", files.directory()}}),
            "CMB_CURVE_KEY: " + files.directory() + ": is a directory; name a file in it");
  EXPECT_EQ(ErrorOf({{"CMB_CURVE_KEY", files.router_file()}}),
            "CMB_CURVE_KEY: " + files.router_file() +
                ":1: two words are expected: a name and a key; separate them by a space");
  EXPECT_EQ(
      ErrorOf({{"CMB_CURVE_ROUTER_KEY", files.own_file()}}),
      "CMB_CURVE_ROUTER_KEY: " + files.own_file() +
          ": a public key and nothing else is expected; it is what cmb-router --new-curve-key "
          "prints, and the word behind \"public\" in the file that it makes");
}

}  // namespace
}  // namespace cmb::reference
