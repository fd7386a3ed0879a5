// Settings of cmb-router: who wins, what is refused and in which words.
#include "reference/program/setting_sources.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "reference/testing/fresh_directory.h"

namespace cmb::reference {
namespace {

std::string FileWith(const std::string& text) {
  const std::string path = FreshPath("settings.yaml");
  std::ofstream(path) << text;
  return path;
}

Source Flags(std::map<std::string, Given> given) { return {std::move(given), {}}; }

// The only fault of the file, without its path.
std::string FaultOf(const std::string& text) {
  const auto path = FileWith(text);
  const auto faults = Merge({}, {}, FromFile(path), {}).faults;
  EXPECT_EQ(faults.size(), 1u);
  return faults.empty() ? "" : faults[0].substr(path.size());
}

TEST(Settings, ADirectoryIsNoFileOfThem) {
  const FreshDirectory directory;
  const auto faults = Merge({}, {}, FromFile(directory.path()), {}).faults;
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0], "--config: " + directory.path() + " is a directory; name a file in it");
}

TEST(SettingTable, EveryKeyStandsOnceAndItsDefaultCanBeSet) {
  std::set<std::string> keys;
  for (const auto& setting : SettingTable()) {
    EXPECT_TRUE(keys.insert(setting.key).second) << setting.key;
    EXPECT_FALSE(setting.meaning.empty()) << setting.key;
    RouterSetup setup;
    if (std::holds_alternative<NumberSetting>(setting.type)) {
      EXPECT_EQ(Set(setting, {Shown(setting, setup)}, setup), std::nullopt) << setting.key;
    }
  }
}

TEST(SettingTable, OneNameIsFlagVariableAndKey) {
  const Setting* setting = FindSetting("max_ttl_ms");
  ASSERT_NE(setting, nullptr);
  EXPECT_EQ(setting->Flag(), "--max-ttl-ms");
  EXPECT_EQ(setting->Variable(), "CMB_ROUTER_MAX_TTL_MS");
}

TEST(Settings, FlagsWinOverVariablesTheseOverTheFileThatOverDefaults) {
  const auto file =
      FromFile(FileWith("max_ttl_ms: 1\nmax_latency_ms: 15001\npayload_bytes: 1\nrecords: 1\n"));
  const auto variables = FromVariables(
      {"CMB_ROUTER_MAX_TTL_MS=2", "CMB_ROUTER_MAX_LATENCY_MS=15002", "CMB_ROUTER_PAYLOAD_BYTES="});
  const auto effective =
      Merge(Flags({{"max_ttl_ms", {{"3"}, "--max-ttl-ms"}}}), variables, file, {});
  EXPECT_TRUE(effective.faults.empty());
  EXPECT_EQ(effective.setup.max_ttl_ms, 3u);
  EXPECT_EQ(effective.setup.max_latency_ms, 15002u);
  EXPECT_EQ(effective.setup.payload_bytes, 1u);
  EXPECT_EQ(effective.setup.header_bytes, 65536u);
  EXPECT_EQ(effective.origins.at("max_ttl_ms"), "--max-ttl-ms");
  EXPECT_EQ(effective.origins.at("max_latency_ms"), "CMB_ROUTER_MAX_LATENCY_MS");
}

TEST(Settings, TheFleetVariablesSpeakWhereNobodyElseDoes) {
  const auto fleet = FromFleet({"FLEET_ACK_TIMEOUT_S=7", "FLEET_ACK_MAX_RETRIES=3"});
  const auto effective = Merge({}, {}, {}, fleet);
  EXPECT_EQ(effective.setup.delivery_ack_ms, 7000u);
  EXPECT_EQ(effective.setup.max_deliveries, 4u);
  EXPECT_TRUE(effective.warnings.empty());
}

TEST(Settings, AClashWithAFleetVariableIsSaid) {
  const auto effective = Merge({}, FromVariables({"CMB_ROUTER_DELIVERY_ACK_MS=500"}), {},
                               FromFleet({"FLEET_ACK_TIMEOUT_S=7"}));
  EXPECT_EQ(effective.setup.delivery_ack_ms, 500u);
  EXPECT_EQ(effective.warnings,
            std::vector<std::string>{"FLEET_ACK_TIMEOUT_S means delivery_ack_ms = 7000 and is "
                                     "overruled by CMB_ROUTER_DELIVERY_ACK_MS"});
  const auto agreed = Merge({}, FromVariables({"CMB_ROUTER_DELIVERY_ACK_MS=7000"}), {},
                            FromFleet({"FLEET_ACK_TIMEOUT_S=7"}));
  EXPECT_TRUE(agreed.warnings.empty());
}

TEST(Settings, AFleetVariableThatIsNoNumberIsRefused) {
  EXPECT_EQ(
      FromFleet({"FLEET_ACK_TIMEOUT_S=soon"}).faults,
      std::vector<std::string>{
          "FLEET_ACK_TIMEOUT_S: it is \"soon\"; a whole number from 1 to 604800 is expected"});
}

TEST(Settings, AnUnknownKeyNamesItsPlaceAndTheNearestOne) {
  EXPECT_EQ(FaultOf("# c\nmax_tll_ms: 5\n"),
            ":2:1: there is no setting \"max_tll_ms\"; did you mean max_ttl_ms?");
}

TEST(Settings, AnUnknownVariableNamesTheNearestOne) {
  EXPECT_EQ(FromVariables({"CMB_ROUTER_STOR=x", "CMB_ROUTER_ACK_MS=1", "OTHER=1"}).faults,
            std::vector<std::string>{
                "CMB_ROUTER_STOR: there is no such setting; did you mean CMB_ROUTER_STORE?"});
}

// CMB-TMR-009.
TEST(Settings, HeartbeatsAreNoSlowerThanTheLongestLatency) {
  RouterSetup setup;
  setup.max_latency_ms = 3000;
  ASSERT_EQ(Complete(setup).size(), 1u);
  EXPECT_EQ(Complete(setup)[0],
            "heartbeat_timeout_ms: 15000 is above max_latency_ms, 3000; lower it, or raise that");
  setup.heartbeat_timeout_ms = 3000;
  EXPECT_TRUE(Complete(setup).empty());
  EXPECT_EQ(OptionsOf(setup).heartbeat_timeout_ms, 3000);
}

TEST(Settings, AWrongValueNamesItsPlaceAndWhatIsDue) {
  EXPECT_EQ(FaultOf("batch: 257\n"),
            ":1:8: batch is \"257\"; a whole number from 1 to 256 is expected");
  EXPECT_EQ(FaultOf("max_latency_ms: 0\n"),
            ":1:17: max_latency_ms is \"0\"; a whole number from 1 to 604800000 is expected");
  EXPECT_EQ(FaultOf("fsync: maybe\n"), ":1:8: fsync is \"maybe\"; true or false is expected");
  EXPECT_EQ(FaultOf("log_level: loud\n"),
            ":1:12: log_level is \"loud\"; one of debug, info, warn, error, off is expected");
  EXPECT_EQ(FaultOf("store: [a, b]\n"), ":1:8: store needs one value");
  EXPECT_EQ(FaultOf("batch: 1\nbatch: 2\n"), ":2:1: batch stands twice; leave one");
  EXPECT_EQ(FaultOf("channel: [main]\n"),
            ":1:10: channel: \"main\" is not NAME=PORT, for example main=6001");
}

TEST(Settings, WhatIsNoYamlNamesItsPlace) {
  EXPECT_TRUE(FaultOf("a: [1\nb: 2\n").starts_with(":2:2: this is no YAML"));
  EXPECT_TRUE(FaultOf("- a\n").starts_with(":1:1: key: value lines are expected"));
}

TEST(Settings, AFileThatIsNotThereIsSaid) {
  EXPECT_EQ(FromFile("/nonexistent.yaml").faults.size(), 1u);
}

TEST(Settings, EveryFaultIsSaidAtOnce) {
  const auto effective = Merge({}, FromVariables({"CMB_ROUTER_BATCH=0", "CMB_ROUTER_RECORDS=x"}),
                               FromFile(FileWith("nothing: 1\n")), {});
  EXPECT_EQ(effective.faults.size(), 3u);
}

TEST(Settings, WhatNeedsAnotherSettingSaysWhich) {
  const auto durable = Merge(Flags({{"profile", {{"DURABLE"}, "--profile"}}}), {}, {}, {});
  ASSERT_EQ(durable.faults.size(), 1u);
  EXPECT_TRUE(durable.faults[0].starts_with("--profile: profile: DURABLE needs a store"));
  EXPECT_EQ(Merge(Flags({{"curve_key", {{"k"}, "--curve-key"}}}), {}, {}, {}).faults.size(), 1u);
  EXPECT_EQ(Merge(Flags({{"frame_bytes", {{"10"}, "--frame-bytes"}}}), {}, {}, {}).faults.size(),
            1u);
}

TEST(Settings, AWordMayBeWrittenInAnyCase) {
  EXPECT_EQ(Merge(Flags({{"profile", {{"basic"}, "--profile"}}}), {}, {}, {}).setup.profile,
            "BASIC");
  EXPECT_EQ(Merge({}, FromVariables({"CMB_ROUTER_LOG_LEVEL=Debug"}), {}, {}).setup.log_level,
            "debug");
}

TEST(Settings, TheProfileFollowsFromTheStore) {
  EXPECT_EQ(Merge({}, {}, {}, {}).setup.profile, "TRACKED");
  EXPECT_EQ(Merge(Flags({{"store", {{"r.db"}, "--store"}}}), {}, {}, {}).setup.profile, "DURABLE");
}

TEST(Settings, WhatIsShownIsAFileThatSaysTheSame) {
  const auto first = Merge(Flags({{"channel", {{"main=1", "side=2"}, "--channel"}},
                                  {"operators", {{"a\"b"}, "--operators"}},
                                  {"fsync", {{"false"}, "--fsync"}}}),
                           {}, {}, {});
  const auto again = Merge({}, {}, FromFile(FileWith(ShownConfig(first))), {});
  EXPECT_TRUE(again.faults.empty()) << again.faults.front();
  for (const auto& setting : SettingTable()) {
    EXPECT_EQ(Shown(setting, again.setup), Shown(setting, first.setup)) << setting.key;
  }
}

TEST(Settings, ReachTheRouter) {
  RouterSetup setup;
  setup.queue_per_target = 7;
  setup.marks = 6;
  setup.dead_letters = 5;
  setup.source_shares = 4;
  setup.delivery_ack_ms = 5;
  setup.operators = {"boss"};
  setup.channels = {"main=0"};
  const auto options = OptionsOf(setup);
  EXPECT_EQ(options.settings.core.queue_per_target, 7u);
  EXPECT_EQ(options.settings.core.marks, 6u);
  EXPECT_EQ(options.settings.core.dead_letters, 5u);
  EXPECT_EQ(options.settings.core.source_shares, 4u);
  EXPECT_EQ(options.settings.delivery_ack, lifecycle::Duration(5));
  EXPECT_TRUE(options.settings.core.operators.contains(lifecycle::ModuleId("boss")));
  EXPECT_EQ(options.channels.at(0).address, "tcp://127.0.0.1:*");
}

}  // namespace
}  // namespace cmb::reference
