// The table of cmb-router's settings: name, type, default and meaning of each.
// Flags, environment, file, --help and --show-config all follow from it.
//
// max_ttl_ms is --max-ttl-ms on the command line, CMB_ROUTER_MAX_TTL_MS in the
// environment and max_ttl_ms: in the file. Called by setting_sources and
// router_cli. Free of state. Spec: see router_setup.h.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reference/program/router_setup.h"

namespace cmb::reference {

// The types: where the value is, and what may stand there.
struct NumberSetting {
  std::uint64_t RouterSetup::*value;
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};
struct TextSetting {
  std::string RouterSetup::*value;
};
struct WordSetting {
  std::string RouterSetup::*value;
  std::vector<std::string> words;
};
struct SwitchSetting {
  bool RouterSetup::*value;
};
struct ListSetting {
  std::vector<std::string> RouterSetup::*value;
};

struct Setting {
  std::string key;
  std::variant<NumberSetting, TextSetting, WordSetting, SwitchSetting, ListSetting> type;
  std::string meaning;      // With its unit, for --help.
  std::string requirement;  // Of the spec; empty: none is behind it.

  std::string Flag() const;      // --max-ttl-ms
  std::string Variable() const;  // CMB_ROUTER_MAX_TTL_MS
  bool IsList() const { return std::holds_alternative<ListSetting>(type); }
  bool IsSwitch() const { return std::holds_alternative<SwitchSetting>(type); }
};

// In the order of --help and --show-config.
const std::vector<Setting>& SettingTable();

// Null: there is none of that key.
const Setting* FindSetting(const std::string& key);

// Sets it; only a list has other than one value. A sentence that says what is
// due: it was not set.
std::optional<std::string> Set(const Setting& setting, const std::vector<std::string>& values,
                               RouterSetup& setup);

// Its value as YAML.
std::string Shown(const Setting& setting, const RouterSetup& setup);

}  // namespace cmb::reference
